// A change stream against the model: the events of each commit, applied to the rows before it, have
// to give the rows after it.
#pragma once

#include <memory>
#include <string>

#include "simulator/model.h"
#include "store/store.h"

namespace dosql::simulator {

// Follows the stream from `after` to its end, which has to be `newest`. What is wrong as a
// sentence; empty: all is well.
Result<std::string> check_changes(store::Store& store, std::shared_ptr<store::Database> database,
                                  DatabaseModel& model, Version after, Version newest);

}  // namespace dosql::simulator
