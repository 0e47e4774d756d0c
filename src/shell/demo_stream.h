// December as a live stream: clients in closed loops, a flight's life in order, each step a durable
// commit of its own, while the lake takes what is new again and again.
#pragma once

#include <functional>

#include <dosql/store.h>

#include "shell/demo_flights.h"
#include "shell/interrupts.h"

namespace dosql::shell::demo {

// Called for each step that is durable, from threads of the store.
using Acknowledged = std::function<void(const Flight&, Flight::Step, const std::string& bookmark)>;

// Goes on from where the database stands, to the end of the month (or to an interrupt).
Result<void> stream_december(Store& store, const std::vector<Flight>& flights,
                             const Interrupts& interrupts, const Acknowledged& acknowledged);

}  // namespace dosql::shell::demo
