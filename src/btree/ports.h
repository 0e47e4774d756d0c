// What the readers of this module are given: the pages of one version.
// Thread rule: as the implementation says; this module uses them from one thread.
#pragma once

#include "base/ids.h"
#include "base/page_ref.h"

namespace dosql::btree {

class PageReader {
 public:
  virtual ~PageReader() = default;
  // The image of `page`, 1 <= page <= page_count(); zeros for a page never written.
  virtual Result<PageRef> page(PageNo page) = 0;
  [[nodiscard]] virtual uint32_t page_count() const = 0;
  [[nodiscard]] virtual uint32_t page_size() const = 0;
};

}  // namespace dosql::btree
