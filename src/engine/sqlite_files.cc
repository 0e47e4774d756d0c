#include "engine/sqlite_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "engine/session_impl.h"

namespace dosql::engine {
namespace {

using sqlite::Connection;

constexpr int kPagesAtATime = 256;
constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr size_t kPageSizeOffset = 16;  // https://www.sqlite.org/fileformat2.html, 1.3

Connection::Progress forward(const CopyProgress& progress) {
  return [&progress](int left, int total) {
    return progress(static_cast<uint64_t>(total - left), static_cast<uint64_t>(total));
  };
}

Result<void> sync_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_synced = fd >= 0 && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (is_synced) return {};
  return fail(Code::kIo, str_cat({"cannot sync it: ", std::strerror(error)}));
}

Result<void> write_copy(Session::Impl& session, const std::string& path,
                        const CopyProgress& progress) {
  DOSQL_TRY(Connection target, Connection::open_file(path, Connection::Mode::kCreate));
  const RunningSession running(*session.context);
  return target.copy_from(session.connection, kPagesAtATime, forward(progress));
}

}  // namespace

Result<uint32_t> page_size_of_sqlite_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(Code::kNotFound, str_cat({"cannot read \"", path, "\": ", std::strerror(errno)}));
  }
  uint8_t header[kPageSizeOffset + 2] = {};
  file.read(reinterpret_cast<char*>(header), sizeof header);
  if (file.gcount() != sizeof header || std::memcmp(header, kMagic.data(), kMagic.size()) != 0) {
    return fail(Code::kInvalidArgument, str_cat({"\"", path, "\" is not a SQLite file"}));
  }
  const auto field = load_be<uint16_t>(header + kPageSizeOffset);
  const uint32_t size = field == 1 ? 65536U : field;
  if (size < 512 || (size & (size - 1)) != 0) {
    return fail(Code::kCorrupt,
                str_cat({"\"", path, "\" is a damaged SQLite file: its header gives pages of ",
                         std::to_string(size), " bytes"}));
  }
  return size;
}

Result<void> import_sqlite_file(Session& session, const std::string& path,
                                const CopyProgress& progress) {
  Session::Impl& impl = session.impl();
  DOSQL_TRY(const uint32_t page_size, page_size_of_sqlite_file(path));
  if (page_size != impl.database->page_size()) {
    return fail(Code::kInvalidArgument,
                str_cat({"\"", path, "\" has pages of ", std::to_string(page_size),
                         " bytes and the database of ", std::to_string(impl.database->page_size()),
                         "; import it into a database that does not exist yet"}));
  }
  DOSQL_TRY(const Rows tables, session.query("SELECT name FROM sqlite_schema LIMIT 1"));
  if (!tables.empty()) {
    return fail(Code::kAlreadyExists, str_cat({"the database is not empty (it has \"",
                                               std::get<std::string>(tables.at(0, 0)),
                                               "\"); a SQLite file needs a new or empty one"}));
  }
  auto source = Connection::open_file(path, Connection::Mode::kRead);
  if (!source) return with_context(path, source.error());
  impl.drop_cached();  // the backup needs the connection to itself
  DOSQL_TRY(impl.context->main_port->take_permit());
  auto copied = [&]() -> Result<void> {
    const RunningSession running(*impl.context);
    return impl.connection.copy_from(*source, kPagesAtATime, forward(progress));
  }();
  const auto settled = impl.settle();
  if (!copied) return with_context(path, copied.error());
  return settled;
}

Result<void> export_sqlite_file(Session& session, const std::string& path,
                                const CopyProgress& progress) {
  const std::string unfinished = path + ".unfinished";
  std::error_code ignored;
  std::filesystem::remove(unfinished, ignored);
  session.impl().drop_cached();
  auto written = write_copy(session.impl(), unfinished, progress);
  if (written) written = sync_file(unfinished);
  if (written && std::rename(unfinished.c_str(), path.c_str()) != 0) {
    written = fail(Code::kIo, str_cat({"cannot write it: ", std::strerror(errno)}));
  }
  if (written) return {};
  std::filesystem::remove(unfinished, ignored);
  return with_context(path, written.error());
}

}  // namespace dosql::engine
