#include "duck/rows_impl.h"

namespace dosql::duck {

Rows::Rows(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Rows::~Rows() = default;

size_t Rows::column_count() const {
  return impl_->names.size();
}
const std::string& Rows::column_name(size_t column) const {
  return impl_->names[column];
}
const std::string& Rows::column_type(size_t column) const {
  return impl_->type_names[column];
}

Result<bool> Rows::next() {
  Impl& impl = *impl_;
  if (impl.is_done) return false;
  if (++impl.row < impl.size) return true;
  do {
    impl.chunk = ChunkHandle(duckdb_fetch_chunk(*impl.result.get()));
    if (!impl.chunk) {
      impl.is_done = true;
      if (duckdb_result_error_type(impl.result.get()) != DUCKDB_ERROR_INVALID) {
        return impl.result.error();
      }
      return false;
    }
    impl.size = duckdb_data_chunk_get_size(impl.chunk.get());
  } while (impl.size == 0);
  impl.row = 0;
  for (size_t column = 0; column < impl.vectors.size(); ++column) {
    impl.vectors[column] = duckdb_data_chunk_get_vector(impl.chunk.get(), column);
  }
  return true;
}

Value Rows::value(size_t column) const {
  return cell_value({impl_->vectors[column], impl_->types[column].get()}, impl_->row);
}

bool Rows::is_null(size_t column) const {
  return duck::is_null(impl_->vectors[column], impl_->row);
}

int64_t Rows::int64_at(size_t column) const {
  return static_cast<const int64_t*>(duckdb_vector_get_data(impl_->vectors[column]))[impl_->row];
}

std::string_view Rows::bytes_at(size_t column) const {
  return cell_bytes(impl_->vectors[column], impl_->row);
}

std::string_view Rows::raw_at(size_t column) const {
  const size_t width = impl_->widths[column];
  if (width == 0) return bytes_at(column);
  const auto* cells = static_cast<const char*>(duckdb_vector_get_data(impl_->vectors[column]));
  return {cells + impl_->row * width, width};
}

}  // namespace dosql::duck
