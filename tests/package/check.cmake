cmake_minimum_required(VERSION 3.25)
# Installs BUILD into an empty prefix and builds a program against it in two ways; each must run.
function(run)
  cmake_parse_arguments(step "" "EXPECTED" "COMMAND" ${ARGN})
  execute_process(COMMAND ${step_COMMAND} OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE result)
  if(NOT result EQUAL 0 OR (step_EXPECTED AND NOT output MATCHES "${step_EXPECTED}"))
    message(FATAL_ERROR "${step_COMMAND}\nexit ${result}\n${output}\n${errors}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(prefix ${WORK}/prefix)
file(REMOVE_RECURSE ${WORK})
run(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})

run(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/consumer -G Ninja -DCMAKE_PREFIX_PATH=${prefix}
  -DCMAKE_CXX_COMPILER=${CXX} "-DCMAKE_CXX_FLAGS=${FLAGS}" -DEXAMPLE=${EXAMPLE})
run(COMMAND ${CMAKE_COMMAND} --build ${WORK}/consumer)
run(COMMAND ${WORK}/consumer/consumer ${WORK}/data-cmake EXPECTED "Ada: Hello Bob")

set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
run(COMMAND pkg-config --modversion libbackend EXPECTED "^${VERSION}\n$")
# The prefix is where it was installed to, not where it was configured for.
run(COMMAND pkg-config --define-variable=prefix=${prefix} --static --cflags --libs libbackend)
separate_arguments(flags UNIX_COMMAND "${output}")
separate_arguments(extra UNIX_COMMAND "${FLAGS}")
run(COMMAND ${CXX} ${extra} ${EXAMPLE} -o ${WORK}/by-pkg-config ${flags})
set(ENV{LD_LIBRARY_PATH} ${prefix}/${LIBDIR})
run(COMMAND ${WORK}/by-pkg-config ${WORK}/data-pkg-config EXPECTED "Ada: Hello Bob")

# Every public header compiles on its own, with the installed tree and nothing else.
file(GLOB headers RELATIVE ${prefix}/include ${prefix}/include/backend/*.h)
if(NOT headers)
  message(FATAL_ERROR "no header was installed")
endif()
foreach(header ${headers})
  file(WRITE ${WORK}/alone.cpp "#include <${header}>\n")
  run(COMMAND ${CXX} -std=c++20 -Wall -Wextra -Wpedantic -Werror -I${prefix}/include -fsyntax-only ${WORK}/alone.cpp)
endforeach()
file(REMOVE_RECURSE ${WORK})
