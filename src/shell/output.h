// Output: where text goes: a FILE*, or a string in tests.
// Thread rule: one thread at a time. Errors: kIo; a reader that went away (EPIPE) is kIo too.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dosql::shell {

class Output {
 public:
  virtual ~Output() = default;
  virtual Result<void> write(std::string_view text) = 0;
  // Everything written so far has left the process.
  virtual Result<void> flush() = 0;
  // A write failed because nobody reads any more: `dosql ... | head -1`.
  [[nodiscard]] virtual bool has_lost_reader() const { return false; }
};

// `name` is what error messages call it ("standard output", a path). The caller owns `file`.
class FileOutput final : public Output {
 public:
  FileOutput(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}
  Result<void> write(std::string_view text) override;
  Result<void> flush() override;
  [[nodiscard]] bool has_lost_reader() const override { return has_lost_reader_; }

 private:
  Result<void> failure();

  std::FILE* file_;
  std::string name_;
  bool has_lost_reader_ = false;
};

class StringOutput final : public Output {
 public:
  Result<void> write(std::string_view text) override {
    text_ += text;
    return {};
  }
  Result<void> flush() override { return {}; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace dosql::shell
