#include "wal/segments.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/text.h"
#include "wal/format.h"

namespace dosql::wal {
namespace {

constexpr size_t kSparesMax = 2;
constexpr std::string_view kSegmentSuffix = ".seg";
constexpr std::string_view kSpareSuffix = ".spare";

std::string segment_name(uint64_t first_lsn) {
  char text[32];
  std::snprintf(text, sizeof text, "%016llx.seg", static_cast<unsigned long long>(first_lsn));
  return text;
}

template <class T>
T load_struct(Bytes bytes, uint64_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

bool is_whole(const FrameHeader& frame, Bytes content, uint64_t offset) {
  if (frame.length > kPayloadMax || offset + frame_bytes(frame.length) > content.size()) {
    return false;
  }
  const uint32_t payload_crc = crc32c(content.subspan(offset + sizeof frame, frame.length));
  return frame_crc(frame, payload_crc) == frame.crc;
}

// The frame at `offset` of a segment's file, when it is valid there.
std::optional<FrameHeader> frame_at(Bytes content, uint64_t offset, uint64_t lsn, Epoch epoch) {
  if (offset + sizeof(FrameHeader) > content.size()) return std::nullopt;
  const auto frame = load_struct<FrameHeader>(content, offset);
  const bool is_here = frame.lsn == lsn && frame.epoch == epoch.value();
  return is_here && is_whole(frame, content, offset) ? std::optional(frame) : std::nullopt;
}

}  // namespace

// --- opening

Result<Segments::Segment> Segments::open_segment(const std::string& name) {
  Segment segment;
  segment.path = str_cat({directory_, "/", name});
  DOSQL_TRY(segment.file, disk_.open(segment.path, fsx::OpenMode::kReadWrite));
  DOSQL_TRY(segment.filled, segment.file->size());
  uint8_t bytes[sizeof(SegmentHeader)] = {};
  DOSQL_TRY(const size_t size, segment.file->read_at(0, bytes));
  const auto header = load_struct<SegmentHeader>(bytes, 0);
  if (size != sizeof bytes || header.magic != kSegmentMagic || header.crc != segment_crc(header) ||
      segment_name(header.first_lsn) != name) {
    return fail(Code::kCorrupt, str_cat({segment.path,
                                         " has a damaged header (bytes 0 to 63): "
                                         "restore it from a backup"}));
  }
  if (header.format > kSegmentFormat) {
    return fail(Code::kNewerFormat, str_cat({segment.path,
                                             " was written by a newer version of "
                                             "dosql: use that version"}));
  }
  segment.first_lsn = header.first_lsn;
  segment.epoch = Epoch(header.epoch);
  return segment;
}

Result<void> Segments::open_files() {
  MutexLock lock(mutex_);
  DOSQL_TRY(const bool exists, disk_.exists(directory_));
  if (!exists) return {};
  DOSQL_TRY(const auto names, disk_.list(directory_));
  for (const std::string& name : names) {
    if (name.ends_with(kSpareSuffix)) {
      spares_.push_back(str_cat({directory_, "/", name}));
      next_spare_ = std::max<uint64_t>(next_spare_, std::strtoull(name.c_str(), nullptr, 10) + 1);
    } else if (name.ends_with(kSegmentSuffix)) {
      DOSQL_TRY(Segment segment, open_segment(name));
      segments_.push_back(std::move(segment));
    }
  }
  return {};
}

// --- recovery

Result<Segments::Scan> Segments::scan(const Segment& segment, Bytes content, uint64_t from,
                                      uint64_t limit, const Visit& visit) const {
  Scan scan;
  scan.end = from;
  while (scan.end < limit) {
    const uint64_t offset = sizeof(SegmentHeader) + (scan.end - segment.first_lsn);
    const auto frame = frame_at(content, offset, scan.end, segment.epoch);
    if (!frame) break;
    if ((frame->flags & kFrameMark) == 0) {
      DOSQL_TRY(visit(Lsn(scan.end + sizeof(FrameHeader)),
                      content.subspan(offset + sizeof(FrameHeader), frame->length)));
      ++scan.frames;
    }
    scan.end += frame_bytes(frame->length);
    scan.synced = std::max(scan.synced, frame->synced_lsn);
  }
  return scan;
}

// A bad frame is damage when something later, or the root, knows that it was durable once.
Result<void> Segments::check_damage(const Segment& segment, Bytes content, uint64_t at,
                                    uint64_t durable) const {
  const uint64_t first = sizeof(SegmentHeader) + (at - segment.first_lsn);
  bool is_damage = at < durable;
  for (uint64_t offset = first + 8; !is_damage && offset + sizeof(FrameHeader) <= content.size();
       offset += 8) {
    const auto frame = frame_at(content, offset, segment.first_lsn + offset - sizeof(SegmentHeader),
                                segment.epoch);
    is_damage = frame && frame->synced_lsn > at;
  }
  if (!is_damage) return {};
  return fail(Code::kCorrupt,
              str_cat({segment.path, " is damaged at byte ", std::to_string(first),
                       ", where the log was durable: commits from there on cannot be read; "
                       "restore the file from a backup"}));
}

// What a torn tail loses. In a recycled file old frames lie there, so only frames of this segment
// count: those that say so, and a first one that would be whole if it said so.
uint64_t Segments::count_dropped(const Segment& segment, Bytes content, uint64_t at) const {
  const uint64_t first = sizeof(SegmentHeader) + (at - segment.first_lsn);
  uint64_t end = first;
  uint64_t offset = first;
  for (; offset + sizeof(FrameHeader) <= content.size(); offset += 8) {
    auto frame = load_struct<FrameHeader>(content, offset);
    const uint64_t lsn = segment.first_lsn + offset - sizeof(SegmentHeader);
    const bool says_so = frame.lsn == lsn && frame.epoch == segment.epoch.value();
    frame.lsn = lsn;
    frame.epoch = segment.epoch.value();
    if (!says_so && (offset > first || !is_whole(frame, content, offset))) continue;
    end = std::max(end, std::min<uint64_t>(content.size(), offset + frame_bytes(frame.length)));
  }
  // The file ends inside a header.
  if (offset == first && first < content.size()) end = content.size();
  return end - first;
}

// After a killed process the newest bytes may be in the operating system's memory only. They are
// written again because a sync that failed has taken them for written.
Result<void> Segments::make_durable(const Segment& segment, Bytes content, uint64_t from,
                                    uint64_t to) const {
  if (from < to) {
    const uint64_t offset = sizeof(SegmentHeader) + (from - segment.first_lsn);
    DOSQL_TRY(segment.file->write_at(offset, content.subspan(offset, to - from)));
  }
  return segment.file->sync();
}

Result<Recovered> Segments::recover(uint64_t begin, Epoch epoch, uint64_t durable,
                                    const Visit& visit) {
  DOSQL_TRY(open_files());
  // `visit` takes locks that others hold when they read here.
  std::vector<Segment> segments;
  {
    MutexLock lock(mutex_);
    segments = segments_;
  }
  Recovered recovered;
  recovered.end = begin;
  // Segments wholly below the begin wait for a trim that a crash has interrupted.
  size_t i = 0;
  while (i + 1 < segments.size() && segments[i + 1].first_lsn <= begin) ++i;
  const uint64_t needed = std::max(begin, durable);
  if (segments.empty() ? needed > 0 : segments[i].first_lsn > begin) {
    return fail(Code::kCorrupt, str_cat({directory_, " lacks the segment that holds log position ",
                                         std::to_string(begin), ": restore it from a backup"}));
  }
  Buffer content;
  for (; i < segments.size(); ++i) {
    const Segment& segment = segments[i];
    const bool is_last = i + 1 == segments.size();
    content.resize(segment.filled);
    DOSQL_TRY(const size_t size, segment.file->read_at(0, content));
    const Bytes bytes = Bytes(content).subspan(0, size);
    const uint64_t limit = is_last ? ~uint64_t{0} : segments[i + 1].first_lsn;
    const uint64_t from = std::max(begin, segment.first_lsn);
    DOSQL_TRY(const Scan found, scan(segment, bytes, from, limit, visit));
    recovered.frames += found.frames;
    recovered.end = found.end;
    // A segment is begun only when everything before it is durable.
    if (!is_last && found.end != limit) {
      DOSQL_TRY(check_damage(segment, bytes, found.end, limit));
    }
    if (is_last) {
      DOSQL_TRY(check_damage(segment, bytes, found.end, durable));
      recovered.dropped_bytes = count_dropped(segment, bytes, found.end);
      recovered.may_continue = segment.epoch == epoch && recovered.dropped_bytes == 0;
      if (found.end > from && found.end > durable) {
        const uint64_t known = std::max({found.synced, durable, segment.first_lsn});
        DOSQL_TRY(make_durable(segment, bytes, known, found.end));
      }
    }
  }
  return recovered;
}

// --- writing

Result<std::shared_ptr<fsx::File>> Segments::take_file(const std::string& path) {
  if (!spares_.empty()) {
    const std::string spare = spares_.back();
    spares_.pop_back();
    // A crash must not bring the name back under which the file was a segment.
    DOSQL_TRY(disk_.sync_dir(directory_));
    DOSQL_TRY(disk_.rename(spare, path));
  }
  DOSQL_TRY(std::shared_ptr<fsx::File> file, disk_.open(path, fsx::OpenMode::kCreate));
  return file;
}

Result<void> Segments::begin_segment(uint64_t first_lsn, Epoch epoch) {
  MutexLock lock(mutex_);
  Segment segment;
  segment.first_lsn = first_lsn;
  segment.epoch = epoch;
  segment.path = str_cat({directory_, "/", segment_name(first_lsn)});
  const bool replaces = !segments_.empty() && segments_.back().first_lsn == first_lsn;
  DOSQL_TRY(disk_.make_dir(directory_));
  if (replaces) {
    // The last process began this segment and wrote nothing that survived.
    segment.file = segments_.back().file;
    segments_.pop_back();
  } else {
    // The header is durable under a name that recovery ignores before the segment gets its own.
    const std::string pending = str_cat({directory_, "/begin.new"});
    DOSQL_TRY(segment.file, take_file(pending));
  }
  SegmentHeader header{kSegmentMagic, kSegmentFormat, epoch.value(), first_lsn, {}, 0};
  header.crc = segment_crc(header);
  DOSQL_TRY(segment.file->write_at(0, {reinterpret_cast<const uint8_t*>(&header), sizeof header}));
  DOSQL_TRY(segment.file->sync());
  if (!replaces) {
    DOSQL_TRY(disk_.rename(str_cat({directory_, "/begin.new"}), segment.path));
  }
  // A name that is there already may not be durable: its maker may have failed right here.
  DOSQL_TRY(disk_.sync_dir(directory_));
  DOSQL_TRY(segment.filled, segment.file->size());
  segments_.push_back(std::move(segment));
  return {};
}

Result<void> Segments::write(uint64_t lsn, Bytes bytes) {
  std::shared_ptr<fsx::File> file;
  uint64_t offset = 0;
  uint64_t filled = 0;
  {
    MutexLock lock(mutex_);
    const Segment& segment = segments_.back();
    file = segment.file;
    offset = sizeof(SegmentHeader) + (lsn - segment.first_lsn);
    filled = segment.filled;
  }
  const uint64_t end = offset + bytes.size();
  if (end > filled && fill_bytes_ > 0) {
    // Zeros ahead: until they are used up, a sync has no file size to write.
    const uint64_t wanted = end + fill_bytes_;
    DOSQL_TRY(file->write_at(end, Buffer(wanted - end, 0)));
    filled = wanted;
  }
  DOSQL_TRY(file->write_at(offset, bytes));
  MutexLock lock(mutex_);
  segments_.back().filled = std::max({segments_.back().filled, filled, end});
  return {};
}

Result<void> Segments::sync() {
  std::shared_ptr<fsx::File> file;
  {
    MutexLock lock(mutex_);
    file = segments_.back().file;
  }
  return file->sync();
}

// --- reading and trimming

Result<void> Segments::read(uint64_t lsn, MutableBytes out) {
  std::shared_ptr<fsx::File> file;
  uint64_t offset = 0;
  {
    MutexLock lock(mutex_);
    auto at = std::ranges::upper_bound(segments_, lsn, {}, &Segment::first_lsn);
    if (at == segments_.begin()) {
      return fail(Code::kNotFound, str_cat({"log position ", std::to_string(lsn), " is trimmed"}));
    }
    --at;
    file = at->file;
    offset = sizeof(SegmentHeader) + (lsn - at->first_lsn);
  }
  DOSQL_TRY(const size_t size, file->read_at(offset, out));
  if (size == out.size()) return {};
  return fail(Code::kCorrupt, str_cat({directory_, " ends before log position ",
                                       std::to_string(lsn + out.size())}));
}

Result<void> Segments::trim(uint64_t before) {
  MutexLock lock(mutex_);
  bool has_removed = false;
  while (segments_.size() > 1 && segments_[1].first_lsn <= before) {
    Segment oldest = std::move(segments_.front());
    segments_.erase(segments_.begin());
    has_removed = true;
    // A reader may still hold the file: then its bytes must not change under it.
    if (spares_.size() < kSparesMax && oldest.file.use_count() == 1) {
      const std::string spare =
          str_cat({directory_, "/", std::to_string(next_spare_++), kSpareSuffix});
      DOSQL_TRY(disk_.rename(oldest.path, spare));
      spares_.push_back(spare);
    } else {
      DOSQL_TRY(disk_.remove(oldest.path));
    }
  }
  if (!has_removed) return {};
  return disk_.sync_dir(directory_);
}

uint64_t Segments::newest_first_lsn() const {
  MutexLock lock(mutex_);
  return segments_.empty() ? 0 : segments_.back().first_lsn;
}

uint64_t Segments::count() const {
  MutexLock lock(mutex_);
  return segments_.size();
}

}  // namespace dosql::wal
