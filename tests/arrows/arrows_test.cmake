# A project of three modules (low, middle -> low, high -> middle) is built with the real module rules:
# first as it should be, then with one violation at a time. Each must fail, with the message that helps.
cmake_minimum_required(VERSION 3.25)

function(write_project)
  file(REMOVE_RECURSE ${WORK}/project)
  file(COPY ${SOURCE}/cmake DESTINATION ${WORK}/project)
  file(WRITE ${WORK}/project/CMakeLists.txt [[
cmake_minimum_required(VERSION 3.25)
project(arrows LANGUAGES CXX)
list(APPEND CMAKE_MODULE_PATH ${PROJECT_SOURCE_DIR}/cmake)
set(DOSQL_TESTS OFF)
find_package(Threads REQUIRED)
include(DosqlModule)
dosql_module(low)
dosql_module(middle DEPENDS low)
dosql_module(high DEPENDS middle)
dosql_check_arrows()
]])
  foreach(module low middle high)
    file(WRITE ${WORK}/project/src/${module}/${module}.h "#pragma once\nint ${module}();\n")
    file(WRITE ${WORK}/project/src/${module}/${module}.cc
      "#include \"${module}/${module}.h\"\nint ${module}() { return 1; }\n")
  endforeach()
endfunction()

# build(violation expected): `expected` empty means it must succeed.
function(build violation expected)
  execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja -S ${WORK}/project -B ${WORK}/build
      -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_STANDARD=20
    RESULT_VARIABLE configured OUTPUT_VARIABLE output ERROR_VARIABLE output)
  set(result ${configured})
  if(configured EQUAL 0)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build RESULT_VARIABLE result
      OUTPUT_VARIABLE output ERROR_VARIABLE output)
  endif()
  if(expected STREQUAL "")
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "${violation}: the build failed:\n${output}")
    endif()
    return()
  endif()
  string(REGEX REPLACE "[ \n]+" " " flat "${output}")
  if(result EQUAL 0)
    message(FATAL_ERROR "${violation}: the build went through")
  endif()
  if(NOT flat MATCHES "${expected}")
    message(FATAL_ERROR "${violation}: it failed without saying \"${expected}\":\n${output}")
  endif()
endfunction()

function(provoke violation file text expected)
  write_project()
  file(APPEND ${WORK}/project/${file} "${text}")
  build("${violation}" "${expected}")
endfunction()

file(REMOVE_RECURSE ${WORK})
write_project()
build("no violation" "")
provoke("an include of a module without an arrow to it" src/low/low.cc
  "#include \"high/high.h\"\n" "'high/high.h' file not found|low has no arrow to high")
provoke("an include through another module's arrow" src/high/high.cc
  "#include \"low/low.h\"\n" "high has no arrow to low")
provoke("a wrapped library outside its module" src/low/low.cc
  "#if __has_include(<sqlite3.h>)\n#include <sqlite3.h>\n#endif\n" "only sqlite may include it")
provoke("an include without its module's name" src/low/low.cc
  "#if 0\n#include \"low.h\"\n#endif\n" "write it as")
provoke("an arrow to a module that is declared below" CMakeLists.txt
  "dosql_module(late DEPENDS later)\n" "later is not declared above it")
