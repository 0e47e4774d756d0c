# cmake -D ARROWS=BUILD/arrows.cmake -P check_arrows.cmake : fails when an #include has no declared arrow.
cmake_minimum_required(VERSION 3.25)
include(${ARROWS})

# header pattern ; the only modules that may include it
set(wrapped
  "<sqlite3(ext)?\\.h>|sqlite"
  "<duckdb[^>]*>|duck"
  "<boost/(asio|beast)[^>]*>|net"
  "<curl/[^>]*>|net"
  "<dosql/[^>]*>|base,engine,shell")

set(errors "")
foreach(module IN LISTS modules)
  file(GLOB files ${source_dir}/${module}/*.h ${source_dir}/${module}/*.cc)
  foreach(file IN LISTS files)
    file(STRINGS ${file} lines REGEX "^[ \t]*#[ \t]*include[ \t]")
    file(RELATIVE_PATH shown ${source_dir} ${file})
    foreach(line IN LISTS lines)
      if(line MATCHES "\"([^/\"]+)/[^\"]*\"")
        set(target ${CMAKE_MATCH_1})
        set(allowed ${module} ${arrows_${module}})
        if(shown MATCHES "_(test|fuzz|bench)\\.cc$")
          list(APPEND allowed ${test_arrows_${module}})
        endif()
        if(NOT target IN_LIST allowed)
          string(APPEND errors "  src/${shown}: ${line}  (${module} has no arrow to ${target}; it has: ${arrows_${module}})\n")
        endif()
      elseif(line MATCHES "\"")
        string(APPEND errors "  src/${shown}: ${line}  (write it as \"${module}/...\")\n")
      endif()
      foreach(rule IN LISTS wrapped)
        string(REGEX MATCH "^(.*)\\|([a-z_,]+)$" unused "${rule}")
        set(pattern ${CMAKE_MATCH_1})
        string(REPLACE "," ";" owners ${CMAKE_MATCH_2})
        if(shown MATCHES "_test\\.cc$" AND owners STREQUAL "sqlite")
          continue() # tests compare with stock SQLite
        endif()
        if(line MATCHES "${pattern}" AND NOT module IN_LIST owners)
          string(APPEND errors "  src/${shown}: ${line}  (only ${owners} may include it)\n")
        endif()
      endforeach()
    endforeach()
  endforeach()
endforeach()
if(errors)
  message(FATAL_ERROR "includes without a declared arrow:\n${errors}")
endif()
