// What Rows keeps; Connection::query fills it. For this folder's .cc files alone.
#pragma once

#include <string>
#include <vector>

#include "duck/cell_impl.h"
#include "duck/handles_impl.h"
#include "duck/rows.h"

namespace dosql::duck {

struct Rows::Impl {
  PreparedHandle prepared;  // outlives the result it streams
  ResultHandle result;
  std::vector<std::string> names;
  std::vector<std::string> type_names;
  std::vector<TypeHandle> types;
  std::vector<size_t> widths;          // of a cell; 0 for text and blobs
  std::vector<duckdb_vector> vectors;  // of `chunk`
  ChunkHandle chunk;
  idx_t size = 0;
  idx_t row = 0;
  bool is_done = false;
};

}  // namespace dosql::duck
