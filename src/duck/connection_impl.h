// What Connection keeps. For this folder's .cc files alone.
#pragma once

#include "duck/database.h"
#include "duck/handles_impl.h"

namespace dosql::duck {

struct Connection::Impl {
  ConnectionHandle handle;
};

}  // namespace dosql::duck
