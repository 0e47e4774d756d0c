#include "changes/change_stream.h"

#include <algorithm>

#include "base/text.h"
#include "store/view_pages.h"

namespace dosql::changes {
namespace {

// Shadow tables hold a virtual table's index; `_content` holds its rows.
constexpr std::string_view kShadowSuffixes[] = {"_data",   "_idx",    "_docsize", "_config",
                                                "_node",   "_parent", "_rowid",   "_segments",
                                                "_segdir", "_stat"};

bool is_virtual_table(const btree::SchemaRow& row) {
  return row.type == "table" && row.root == 0;
}

class DifferenceSink final : public btree::RowSink {
 public:
  DifferenceSink(const btree::Schema& before, const btree::Schema& after,
                 const std::vector<std::string>& tables, const Commit& commit, bool is_read,
                 EventSink& sink)
      : before_(before),
        after_(after),
        tables_(tables),
        commit_(commit),
        is_read_(is_read),
        sink_(sink) {}

  Result<bool> begin_table(const btree::TableDifference& table) override {
    const btree::Schema& schema = table.is_dropped() ? before_ : after_;
    event_.table = table.name();
    event_.shape = table.after_shape;
    event_.before_shape = table.before_shape;
    event_.table_order = 0;
    if (!is_user_table(schema, table.name())) return false;
    return tables_.empty() || std::ranges::find(tables_, to_lower(table.name())) != tables_.end();
  }

  Result<void> row(const btree::RowChange& change) override {
    using Kind = btree::RowChange::Kind;
    event_.operation = is_read_                       ? Event::Operation::kRead
                       : change.kind == Kind::kInsert ? Event::Operation::kCreate
                       : change.kind == Kind::kUpdate ? Event::Operation::kUpdate
                                                      : Event::Operation::kDelete;
    event_.row = &change;
    ++event_.total_order;
    ++event_.table_order;
    return sink_.event(commit_, event_);
  }

  Result<void> end_table() override { return {}; }

 private:
  const btree::Schema& before_;
  const btree::Schema& after_;
  const std::vector<std::string>& tables_;
  const Commit& commit_;
  const bool is_read_;
  EventSink& sink_;
  Event event_;
};

class NoPages final : public btree::PageReader, public btree::OwnerReader {
 public:
  explicit NoPages(uint32_t page_size) : page_size_(page_size) {}
  Result<PageRef> page(PageNo) override { return fail(Code::kInternal, "there are no pages"); }
  [[nodiscard]] uint32_t page_count() const override { return 0; }
  [[nodiscard]] uint32_t page_size() const override { return page_size_; }
  Result<btree::Owner> owner(PageNo) override { return btree::Owner(); }

 private:
  uint32_t page_size_;
};

}  // namespace

bool is_user_table(const btree::Schema& schema, std::string_view table) {
  const std::string name = to_lower(table);
  if (name.starts_with("sqlite_")) return false;
  for (const std::string_view suffix : kShadowSuffixes) {
    if (!name.ends_with(suffix)) continue;
    const std::string owner = name.substr(0, name.size() - suffix.size());
    for (const btree::SchemaRow& row : schema.rows) {
      if (is_virtual_table(row) && to_lower(row.name) == owner) return false;
    }
  }
  return true;
}

Result<void> emit_difference(const btree::VersionSide& before, const btree::VersionSide& after,
                             std::span<const PageNo> differing, btree::ShapeSource& shapes,
                             const std::vector<std::string>& tables, const Commit& commit,
                             bool is_read, EventSink& sink) {
  btree::VersionSide old_side{before.pages, before.owners, before.schema};
  btree::VersionSide new_side{after.pages, after.owners, after.schema};
  for (btree::VersionSide* side : {&old_side, &new_side}) {
    if (side->schema != nullptr) continue;
    DOSQL_TRY(btree::Schema schema, btree::read_schema(side->pages));
    side->schema = std::make_shared<const btree::Schema>(std::move(schema));
  }
  DifferenceSink rows(*old_side.schema, *new_side.schema, tables, commit, is_read, sink);
  return btree::difference_rows(old_side, new_side, differing, shapes, rows);
}

Result<std::unique_ptr<ChangeStream>> ChangeStream::open(store::Store& store,
                                                         std::shared_ptr<store::Database> database,
                                                         Version after,
                                                         std::vector<std::string> tables) {
  auto stream = std::unique_ptr<ChangeStream>(new ChangeStream());
  stream->store_ = &store;
  stream->database_ = std::move(database);
  stream->tables_ = std::move(tables);
  for (std::string& table : stream->tables_) table = to_lower(table);
  DOSQL_TRY(stream->history_, store::History::open(*stream->database_, after));
  return stream;
}

Result<std::optional<Commit>> ChangeStream::next(EventSink& sink) {
  DOSQL_TRY(const bool has_moved, history_->next());
  if (!has_moved) return std::optional<Commit>();
  Commit commit;
  commit.version = history_->after().version();
  commit.bookmark = store_->bookmark(commit.version);
  commit.wall_us = history_->wall_us();
  commit.message = history_->message();
  commit.changes_schema = history_->changes_schema();
  store::ViewPages before(history_->before());
  store::ViewPages after(history_->after());
  DOSQL_TRY(emit_difference({before, before}, {after, after}, history_->changed(), shapes_, tables_,
                            commit, false, sink));
  return std::optional<Commit>(std::move(commit));
}

Result<Commit> emit_snapshot(store::Store& store, store::Database& database,
                             const std::vector<std::string>& tables, EventSink& sink) {
  DOSQL_TRY(const store::Snapshot snapshot, database.snapshot());
  Commit commit;
  commit.version = snapshot.version();
  commit.bookmark = store.bookmark(commit.version);
  commit.wall_us = snapshot.wall_us();
  NoPages nothing(database.page_size());
  store::ViewPages pages(snapshot.view());
  std::vector<PageNo> all(pages.page_count());
  for (PageNo i = 0; i < all.size(); ++i) all[i] = i + 1;
  std::vector<std::string> wanted = tables;
  for (std::string& table : wanted) table = to_lower(table);
  SqliteShapes shapes;
  DOSQL_TRY(
      emit_difference({nothing, nothing}, {pages, pages}, all, shapes, wanted, commit, true, sink));
  return commit;
}

}  // namespace dosql::changes
