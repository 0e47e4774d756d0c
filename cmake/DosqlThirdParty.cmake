# Third-party libraries as dosql_3p::NAME. Ours to compile once: SQLite, Asio, Beast, Boost.JSON.
set(DOSQL_DEPS ${PROJECT_SOURCE_DIR}/.deps CACHE PATH "where ./dev put sqlite3.c, duckdb.h and libduckdb.so")
foreach(file sqlite/sqlite3.c duckdb/duckdb.h duckdb/libduckdb.so)
  if(NOT EXISTS ${DOSQL_DEPS}/${file})
    message(FATAL_ERROR "${DOSQL_DEPS}/${file} is missing: run ./dev setup")
  endif()
endforeach()

# --- SQLite: unmodified amalgamation. The same -D for the library and for its users (preupdate and session prototypes).
add_library(dosql_sqlite3 STATIC ${DOSQL_DEPS}/sqlite/sqlite3.c)
target_include_directories(dosql_sqlite3 SYSTEM PUBLIC ${DOSQL_DEPS}/sqlite)
target_compile_definitions(dosql_sqlite3
  PUBLIC SQLITE_ENABLE_PREUPDATE_HOOK SQLITE_ENABLE_SESSION SQLITE_ENABLE_COLUMN_METADATA
  PRIVATE
    SQLITE_ENABLE_UPDATE_DELETE_LIMIT SQLITE_ENABLE_FTS3 SQLITE_ENABLE_FTS3_PARENTHESIS SQLITE_ENABLE_FTS5 SQLITE_ENABLE_RTREE SQLITE_ENABLE_GEOPOLY
    SQLITE_ENABLE_MATH_FUNCTIONS SQLITE_ENABLE_DBSTAT_VTAB SQLITE_ENABLE_BYTECODE_VTAB SQLITE_ENABLE_STMTVTAB
    SQLITE_ENABLE_STAT4 SQLITE_SOUNDEX SQLITE_MAX_ATTACHED=30
    SQLITE_MAX_VARIABLE_NUMBER=250000 HAVE_FDATASYNC=1
    SQLITE_THREADSAFE=2 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_USE_ALLOCA SQLITE_OMIT_SHARED_CACHE SQLITE_TEMP_STORE=1)
target_compile_options(dosql_sqlite3 PRIVATE -w -O2 -g0)
target_link_libraries(dosql_sqlite3 PUBLIC m dl Threads::Threads)
add_library(dosql_3p::sqlite ALIAS dosql_sqlite3)

# --- DuckDB: prebuilt shared library, found beside the binary.
add_library(dosql_3p::duckdb SHARED IMPORTED GLOBAL)
set_target_properties(dosql_3p::duckdb PROPERTIES IMPORTED_LOCATION ${DOSQL_DEPS}/duckdb/libduckdb.so
  INTERFACE_INCLUDE_DIRECTORIES ${DOSQL_DEPS}/duckdb)

# --- Boost 1.81, headers only; JSON is compiled once here instead of in every user.
file(WRITE ${PROJECT_BINARY_DIR}/3p/json.cc "#include <boost/json/src.hpp>\n")
add_library(dosql_json STATIC ${PROJECT_BINARY_DIR}/3p/json.cc)
target_compile_options(dosql_json PRIVATE -w -O2 -g0)
add_library(dosql_3p::json ALIAS dosql_json)

# --- Debian packages with a plain library.
foreach(name z lz4 roaring)
  find_library(DOSQL_LIB_${name} NAMES ${name} REQUIRED)
  add_library(dosql_3p::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(dosql_3p::${name} PROPERTIES IMPORTED_LOCATION ${DOSQL_LIB_${name}})
endforeach()
add_library(dosql_3p::zlib ALIAS dosql_3p::z)
