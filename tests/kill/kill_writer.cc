// kill_writer STORE CHECKPOINT_KIB CLIENTS: commits until it is killed. Each client is a thread
// with a session of its own; a transaction adds a row, removes an old one and counts up. After each
// commit one line goes to standard output: database, client, number, bookmark.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <dosql/dosql.h>

namespace {

constexpr int kDatabases = 3;
constexpr int64_t kRowsKept = 50;

dosql::Result<void> commit_for_ever(dosql::Database& database, int64_t client) {
  auto rows = database.query("SELECT n FROM total WHERE client = ?", {client});
  if (!rows) return std::unexpected(rows.error());
  int64_t n = rows->empty() ? 0 : std::get<int64_t>(rows->at(0, 0));
  while (true) {
    ++n;
    std::string bookmark;
    auto done = database.transaction([&](dosql::Session& session) -> dosql::Result<void> {
      const std::string body(static_cast<size_t>(20 + n * 37 % 900),
                             static_cast<char>('a' + n % 26));
      for (const auto& [sql, params] : std::vector<std::pair<std::string, dosql::Params>>{
               {"INSERT INTO row VALUES(?, ?, ?)", {client, n, body}},
               {"DELETE FROM row WHERE client = ? AND n = ?", {client, n - kRowsKept}},
               {"INSERT INTO total VALUES(?, ?) ON CONFLICT DO UPDATE SET n = excluded.n",
                {client, n}}}) {
        auto ran = session.run(sql, params);
        if (!ran) return std::unexpected(ran.error());
      }
      return {};
    });
    if (!done) return done;
    auto newest = database.bookmark();
    if (!newest) return std::unexpected(newest.error());
    const std::string line = database.name() + " " + std::to_string(client) + " " +
                             std::to_string(n) + " " + *newest + "\n";
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) return {};
  }
}

int complain(const dosql::Error& error) {
  std::fprintf(stderr, "kill_writer: %s\n", error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  dosql::StoreOptions options;
  options.checkpoint_bytes = std::strtoull(argv[2], nullptr, 10) << 10;
  options.history_bytes = options.checkpoint_bytes;
  auto store = dosql::Store::open(argv[1], options);
  if (!store) return complain(store.error());
  std::vector<dosql::Database> databases;
  for (int i = 0; i < kDatabases; ++i) {
    auto database = store->database("db" + std::to_string(i));
    if (!database) return complain(database.error());
    databases.push_back(*std::move(database));
  }
  std::vector<std::thread> clients;
  for (int64_t client = 0; client < std::strtoll(argv[3], nullptr, 10); ++client) {
    clients.emplace_back([&, client] {
      const auto done =
          commit_for_ever(databases[static_cast<size_t>(client) % kDatabases], client);
      if (!done) std::_Exit(complain(done.error()));
    });
  }
  for (std::thread& client : clients) client.join();
  return 0;
}
