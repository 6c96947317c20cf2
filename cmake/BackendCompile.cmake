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
  if(BACKEND_CCACHE)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)  # lets it see through a PCH
  endif()
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET default)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    $<$<BOOL:${BACKEND_WERROR}>:-Werror>
    # These come from the optimiser and are wrong now and then, about plain string concatenation in gcc 12 for one
    # (GCC bug 105651): they are shown, and stop nobody.
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-error=restrict -Wno-error=stringop-overflow -Wno-error=stringop-overread
      -Wno-error=array-bounds -Wno-error=maybe-uninitialized>)
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

# The standard headers that nearly every file includes, parsed once for a target; HEADERS... are parsed with them. The
# dev and sanitizer presets do without, so that a file which forgets an include does not build there.
function(backend_precompile target)
  foreach(header algorithm chrono filesystem functional map memory optional span string unordered_map variant vector
      ${ARGN})
    target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:<${header}$<ANGLE-R>>")
  endforeach()
endfunction()
