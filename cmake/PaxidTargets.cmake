# The three kinds of targets of this project. Include paths start at the root of
# the source tree ("mrz/zone.h"), so a reader always sees which room a name is from.

# Paths inside the objects are relative to the source tree, in generated code too: reproducible
# builds, shareable ccache. The second form is how ccache rewrites the first one when it runs in
# build/<preset>.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=../../=)

add_library(paxid_options INTERFACE)
target_compile_features(paxid_options INTERFACE cxx_std_20)
target_compile_options(paxid_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${PAXID_WERROR}>:-Werror>)
if(PAXID_COVERAGE)
  target_compile_options(paxid_options INTERFACE --coverage -fprofile-abs-path)
  target_link_options(paxid_options INTERFACE --coverage)
endif()
if(PAXID_SANITIZE_THREADS)
  target_compile_options(paxid_options INTERFACE -O1 -fno-omit-frame-pointer -fsanitize=thread)
  target_link_options(paxid_options INTERFACE -fsanitize=thread)
elseif(PAXID_SANITIZE)
  target_compile_options(paxid_options INTERFACE
    -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(paxid_options INTERFACE -fsanitize=address,undefined)
  if(PAXID_BUILD_FUZZERS)
    target_compile_options(paxid_options INTERFACE -fsanitize=fuzzer-no-link)
  endif()
else()
  target_compile_options(paxid_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection
    $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2> -D_GLIBCXX_ASSERTIONS)
  target_link_options(paxid_options INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# paxid_library(mrz SOURCES a.cpp b.cpp [PUBLIC deps...] [PRIVATE deps...])
# A static library paxid_<name>, alias paxid::<name>.
function(paxid_library name)
  cmake_parse_arguments(A "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(paxid_${name} STATIC ${A_SOURCES})
  add_library(paxid::${name} ALIAS paxid_${name})
  target_compile_features(paxid_${name} PUBLIC cxx_std_20)  # of who uses it elsewhere, too
  target_include_directories(paxid_${name} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/paxid>)
  set_target_properties(paxid_${name} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(paxid_${name} PUBLIC ${A_PUBLIC} PRIVATE paxid_options ${A_PRIVATE})
endfunction()

# paxid_program(paxid SOURCES main.cpp DEPS ...)
function(paxid_program name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE paxid_options ${A_DEPS})
endfunction()

# paxid_allow_library_leaks(paxid)
# For a program that ends while a library's threads still hold memory; library_leaks.cpp says which.
function(paxid_allow_library_leaks name)
  if(PAXID_SANITIZE)
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/library_leaks.cpp)
  endif()
endfunction()

# paxid_test(mrz_test SOURCES zone_test.cpp ... DEPS paxid::mrz [TIMEOUT 300])
# One GoogleTest binary; every TEST becomes a ctest test. Test data is found
# below the compile-time constant PAXID_TEST_DATA (tests/data).
# TIMEOUT is in seconds, for each of them.
function(paxid_test name)
  cmake_parse_arguments(A "" "TIMEOUT" "SOURCES;DEPS" ${ARGN})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 300)
  endif()
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE paxid_options ${A_DEPS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE PAXID_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX ${name}:
    PROPERTIES TIMEOUT ${A_TIMEOUT})
endfunction()

# paxid_bench(mrz_bench SOURCES mrz_bench.cpp DEPS paxid::mrz)
# One Google Benchmark program, part of the target `benches`. ops/bench runs it.
add_custom_target(benches)
function(paxid_bench name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE paxid_options ${A_DEPS} benchmark::benchmark_main)
  target_compile_definitions(${name} PRIVATE PAXID_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
  add_dependencies(benches ${name})
endfunction()

# paxid_fuzzer(mrz_zone_fuzzer SOURCES mrz_zone_fuzzer.cpp DEPS paxid::mrz)
# One libFuzzer program, part of the target `fuzzers`, with its seeds in
# tests/fuzz/corpus/<name without _fuzzer>. Among the tests, the seeds are run through its
# entry function, and for the long tests the program of the preset `fuzz` is run for a minute,
# or RUNS times.
add_custom_target(fuzzers)
function(paxid_fuzzer name)
  cmake_parse_arguments(A "" "RUNS" "SOURCES;DEPS" ${ARGN})
  string(REGEX REPLACE "_fuzzer$" "" subject ${name})
  set(corpus ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${subject})
  if(PAXID_BUILD_FUZZERS)
    add_executable(${name} ${A_SOURCES})
    target_link_libraries(${name} PRIVATE paxid_options ${A_DEPS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers ${name})
  endif()
  if(PAXID_BUILD_TESTS)
    paxid_test(${subject}_corpus_test SOURCES corpus_test.cpp ${A_SOURCES} DEPS ${A_DEPS})
    target_compile_definitions(${subject}_corpus_test PRIVATE PAXID_FUZZ_CORPUS="${corpus}")
    set(long_run -max_total_time=60)
    set(timeout 180)
    if(A_RUNS)
      set(long_run -runs=${A_RUNS})
      set(timeout 14400)
    endif()
    add_test(NAME fuzz:${subject}
      COMMAND ${CMAKE_SOURCE_DIR}/tests/fuzz/run ${CMAKE_SOURCE_DIR}/build/fuzz/bin/${name}
              ${corpus} ${long_run})
    set_tests_properties(fuzz:${subject} PROPERTIES LABELS full TIMEOUT ${timeout})
  endif()
endfunction()

# paxid_tsv_table(target SOURCES data/x.tsv OUTPUT x_table.inc GENERATOR generator_target)
# Data tables are source: a generator in C++ compiles a TSV into a table at build
# time. The generator is called as: GENERATOR OUTPUT SOURCES...
function(paxid_tsv_table target)
  cmake_parse_arguments(A "" "OUTPUT;GENERATOR" "SOURCES" ${ARGN})
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${generated})
  list(TRANSFORM A_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE inputs)
  add_custom_command(
    OUTPUT ${generated}/${A_OUTPUT}
    COMMAND ${A_GENERATOR} ${generated}/${A_OUTPUT} ${inputs}
    DEPENDS ${A_GENERATOR} ${inputs}
    VERBATIM)
  target_sources(${target} PRIVATE ${generated}/${A_OUTPUT})
  target_include_directories(${target} PRIVATE ${generated})
endfunction()
