// Everything: store, database, session, statement, rows, values, errors.
#pragma once

#include <dosql/database.h>
#include <dosql/errors.h>
#include <dosql/rows.h>
#include <dosql/session.h>
#include <dosql/store.h>
#include <dosql/value.h>
