# isoflop_library(NAME SOURCES ... [PUBLIC ...] [PRIVATE ...]): a static library, also known as isoflop::NAME.
# isoflop_test(NAME SOURCES ... [PRIVATE ...]): a GoogleTest program, run by ctest.
# isoflop_test_program(NAME SOURCES ... [PRIVATE ...]): a program of the test folder, run by hand or by a script.
# All hold the compiler flags, so that no folder sets its own.

add_library(isoflop_flags INTERFACE)
target_include_directories(isoflop_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(isoflop_flags INTERFACE -Wall -Wextra -Wno-missing-field-initializers  # Options by name leave the rest at their defaults.
                       -Wno-restrict)  # False alarms of g++ 12 on std::string (GCC bug 105651).
if(ISOFLOP_SANITIZE)
  set(sanitizers_of_address address,undefined)
  set(sanitizers_of_thread thread)
  if(NOT DEFINED sanitizers_of_${ISOFLOP_SANITIZE})
    message(FATAL_ERROR "ISOFLOP_SANITIZE must be address or thread, got ${ISOFLOP_SANITIZE}")
  endif()
  set(sanitizers -fsanitize=${sanitizers_of_${ISOFLOP_SANITIZE}} -fno-sanitize-recover=all)
  target_compile_options(isoflop_flags INTERFACE ${sanitizers} -fno-omit-frame-pointer -g)
  target_link_options(isoflop_flags INTERFACE ${sanitizers})
endif()

function(isoflop_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(isoflop_${name} STATIC ${ARG_SOURCES})
  add_library(isoflop::${name} ALIAS isoflop_${name})
  target_link_libraries(isoflop_${name} PUBLIC isoflop_flags ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

function(isoflop_test_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PRIVATE" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE isoflop_flags ${ARG_PRIVATE})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_compile_definitions(${name} PRIVATE ISOFLOP_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
                                             ISOFLOP_BINARY="${CMAKE_BINARY_DIR}/isoflop")
endfunction()

function(isoflop_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PRIVATE" ${ARGN})
  isoflop_test_program(${name} SOURCES ${ARG_SOURCES} PRIVATE ${ARG_PRIVATE} GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
