# How our own targets are compiled: `backend_compile(target)`. Nothing of it reaches consumers but C++20.
find_program(BACKEND_CCACHE ccache)
if(BACKEND_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${BACKEND_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${BACKEND_CCACHE})
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

function(backend_compile target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET default)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    $<$<BOOL:${BACKEND_WERROR}>:-Werror>
    # gcc 12 sees overlapping copies in plain string concatenation (GCC bug 105651).
    $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
  if(BACKEND_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${BACKEND_SANITIZE} -fno-omit-frame-pointer
      $<$<CXX_COMPILER_ID:GNU>:-fno-var-tracking>)
    target_link_options(${target} PUBLIC -fsanitize=${BACKEND_SANITIZE})
    if(BACKEND_SANITIZE MATCHES undefined)
      target_compile_options(${target} PRIVATE -fno-sanitize-recover=undefined)
    endif()
  else()
    target_compile_definitions(${target} PRIVATE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
  endif()
endfunction()
