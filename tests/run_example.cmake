cmake_minimum_required(VERSION 3.25)
# Runs PROGRAM FOLDER in an empty FOLDER; its output must match EXPECTED.
file(REMOVE_RECURSE ${FOLDER})
execute_process(COMMAND ${PROGRAM} ${FOLDER} OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE result)
if(NOT result EQUAL 0 OR NOT output MATCHES "${EXPECTED}")
  message(FATAL_ERROR "exit ${result}\n--- output\n${output}\n--- errors\n${errors}\n--- expected\n${EXPECTED}")
endif()
file(REMOVE_RECURSE ${FOLDER})
