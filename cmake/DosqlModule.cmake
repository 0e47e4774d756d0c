# dosql_module(NAME [DEPENDS m...] [TEST_DEPENDS m...] [THIRD_PARTY target...] [TEST_THIRD_PARTY target...] [PUBLIC_API])
#
# src/NAME/*.cc       -> static library dosql_NAME
# src/NAME/*_test.cc  -> NAME_test, its tests registered with ctest; links the whole archive, so an undeclared
#                        dependency is an undefined symbol
# src/NAME/*_bench.cc -> NAME_bench, when DOSQL_BENCH is on
# src/NAME/*.h        -> each compiled alone by the target all_verify_interface_header_sets, except
#                        *_impl.h, which the module's own .cc share and which may show its THIRD_PARTY
#
# Each module has an include root of its own (BUILD/inc/NAME, which holds one link NAME -> src/NAME). A target sees only
# the roots of the modules it DEPENDS on, directly or through them: `#include "pages/x.h"` without an arrow to pages
# does not compile. What reaches a module only through another's headers is caught by dosql_check_arrows().
#
# PUBLIC_API lets the module see include/dosql/*.h. TEST_DEPENDS and
# TEST_THIRD_PARTY are what only *_test.cc may use (comparisons with stock SQLite).
# THIRD_PARTY is private: a library's headers are visible inside the one module that wraps it.
set_property(GLOBAL PROPERTY DOSQL_MODULES "")
option(DOSQL_TESTS "build the unit tests" ON)
option(DOSQL_BENCH "build the benchmarks" OFF)
if(DOSQL_TESTS)
  enable_testing()
  include(GoogleTest)
  find_package(GTest REQUIRED)
endif()

function(dosql_module name)
  cmake_parse_arguments(arg "PUBLIC_API" "" "DEPENDS;TEST_DEPENDS;THIRD_PARTY;TEST_THIRD_PARTY" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "dosql_module(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(deps "")
  foreach(dep IN LISTS arg_DEPENDS arg_TEST_DEPENDS)
    if(NOT TARGET dosql_${dep})
      message(FATAL_ERROR "dosql_module(${name}): ${dep} is not declared above it; arrows point upwards only")
    endif()
  endforeach()
  foreach(dep IN LISTS arg_DEPENDS)
    list(APPEND deps dosql_${dep})
  endforeach()
  set(test_deps "")
  foreach(dep IN LISTS arg_TEST_DEPENDS)
    list(APPEND test_deps dosql_${dep})
  endforeach()

  set(dir ${PROJECT_SOURCE_DIR}/src/${name})
  set(root ${PROJECT_BINARY_DIR}/inc/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${dir} ${root}/${name} SYMBOLIC)
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cc)
  file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${dir} ${dir}/*.h)
  list(FILTER headers EXCLUDE REGEX "_impl\\.h$")
  list(TRANSFORM headers PREPEND ${root}/${name}/)
  set(tests ${sources})
  set(benches ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cc$")

  set(library dosql_${name})
  set_property(GLOBAL APPEND PROPERTY DOSQL_MODULES ${name})
  set_property(GLOBAL PROPERTY DOSQL_ARROWS_${name} ${arg_DEPENDS})
  set_property(GLOBAL PROPERTY DOSQL_TEST_ARROWS_${name} ${arg_TEST_DEPENDS})
  if(NOT sources)
    add_library(${library} INTERFACE)
    return()
  endif()
  add_library(${library} STATIC ${sources})
  target_sources(${library} PUBLIC FILE_SET HEADERS BASE_DIRS ${root} FILES ${headers})
  set_target_properties(${library} PROPERTIES LINKER_LANGUAGE CXX VERIFY_INTERFACE_HEADER_SETS ON)
  target_compile_options(${library} PRIVATE ${DOSQL_WARNINGS})
  target_link_libraries(${library} PUBLIC ${deps} PRIVATE ${arg_THIRD_PARTY} Threads::Threads)
  if(arg_PUBLIC_API)
    target_include_directories(${library} PUBLIC ${PROJECT_SOURCE_DIR}/include)
  endif()

  if(tests AND DOSQL_TESTS)
    add_executable(${name}_test ${tests})
    target_compile_options(${name}_test PRIVATE ${DOSQL_WARNINGS})
    target_link_libraries(${name}_test PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,${library}> ${test_deps} ${arg_THIRD_PARTY} ${arg_TEST_THIRD_PARTY} GTest::gtest_main)
    set_target_properties(${name}_test PROPERTIES BUILD_RPATH "\$ORIGIN")
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}: " DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 600 LABELS unit)
  endif()
  if(benches AND DOSQL_BENCH)
    find_package(benchmark REQUIRED)
    add_executable(${name}_bench ${benches})
    target_link_libraries(${name}_bench PRIVATE ${library} ${arg_THIRD_PARTY} benchmark::benchmark_main)
  endif()
endfunction()

# A scan of every #include, run by the build whenever a source changes (0.02 s). It knows the direct arrows, and which
# folder alone may include which third-party header.
function(dosql_check_arrows)
  get_property(modules GLOBAL PROPERTY DOSQL_MODULES)
  set(text "set(modules ${modules})\n")
  foreach(module IN LISTS modules)
    get_property(arrows GLOBAL PROPERTY DOSQL_ARROWS_${module})
    string(APPEND text "set(arrows_${module} ${arrows})\n")
    get_property(arrows GLOBAL PROPERTY DOSQL_TEST_ARROWS_${module})
    string(APPEND text "set(test_arrows_${module} ${arrows})\n")
  endforeach()
  string(APPEND text "set(source_dir [[${PROJECT_SOURCE_DIR}/src]])\n")
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/arrows.cmake CONTENT "${text}" @ONLY)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.h ${PROJECT_SOURCE_DIR}/src/*.cc)
  set(stamp ${PROJECT_BINARY_DIR}/arrows.stamp)
  set(script ${PROJECT_SOURCE_DIR}/cmake/check_arrows.cmake)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -D ARROWS=${PROJECT_BINARY_DIR}/arrows.cmake -P ${script}
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${files} ${script} ${PROJECT_BINARY_DIR}/arrows.cmake
    COMMENT "Checking module arrows" VERBATIM)
  add_custom_target(dosql_arrows ALL DEPENDS ${stamp})
endfunction()
