cmake_minimum_required(VERSION 3.25)
# The one-way flow, checked on the includes themselves: door -> service -> store -> ports <- adapters; pdf knows
# nobody. Each rule: files | pattern of the included name | why not.
set(failures "")

# forbid(GLOB... EXCEPT name... INCLUDES regex BECAUSE text)
function(forbid)
  cmake_parse_arguments(rule "" "BECAUSE" "IN;EXCEPT;INCLUDES" ${ARGN})
  list(TRANSFORM rule_IN PREPEND ${ROOT}/)
  file(GLOB_RECURSE files ${rule_IN})
  if(NOT files)
    message(FATAL_ERROR "layers: no file matches ${rule_IN}")
  endif()
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    if(name IN_LIST rule_EXCEPT)
      continue()
    endif()
    file(STRINGS ${file} includes REGEX "^[ \t]*#[ \t]*include")
    foreach(line ${includes})
      foreach(pattern ${rule_INCLUDES})
        if(line MATCHES "[<\"]${pattern}")
          file(RELATIVE_PATH short ${ROOT} ${file})
          set(failures "${failures}\n  ${short}: ${line}\n      ${rule_BECAUSE}" PARENT_SCOPE)
          set(failures "${failures}\n  ${short}: ${line}\n      ${rule_BECAUSE}")
        endif()
      endforeach()
    endforeach()
  endforeach()
endfunction()

set(src libbackend/src)
set(drivers sqlite3 pqxx crypto httplib boost nlohmann spdlog CLI)

forbid(IN libbackend/include/*.h INCLUDES sqlite3 pqxx cryptopp qpdf httplib boost nlohmann spdlog utf8proc
  BECAUSE "a public header shows no dependency")
forbid(IN ${src}/pdf/*.cpp ${src}/pdf/*.h
  INCLUDES services/ store/ adapters/ support/ backend/[abcdf-oq-z] backend/p[^d] backend/pdf_ nlohmann sqlite3 pqxx
  BECAUSE "the engine knows std, qpdf, <backend/error.h> and <backend/pdf.h> only")
forbid(IN ${src}/services/*.cpp ${src}/services/*.h INCLUDES adapters/ pdf/ backend/backend[.]h ${drivers}
  BECAUSE "a service speaks to ports and the store only")
forbid(IN ${src}/store/*.cpp ${src}/store/*.h INCLUDES services/ adapters/ pdf/ backend/backend[.]h sqlite3 pqxx httplib
  BECAUSE "the store speaks SQL to the Database port only")
forbid(IN ${src}/support/*.cpp ${src}/support/*.h INCLUDES services/ store/ adapters/ pdf/ httplib
  BECAUSE "support holds no domain word and knows nobody")
forbid(IN ${src}/adapters/*.cpp ${src}/adapters/*.h INCLUDES services/ store/ backend/backend[.]h httplib
  BECAUSE "an adapter implements a port and knows nobody above it")
forbid(IN server/*.cpp server/*.h INCLUDES services/ store/ adapters/ support/ sqlite3 pqxx qpdf cryptopp
  BECAUSE "the server uses the library as any program would: by <backend/...>")
forbid(IN server/*.cpp server/*.h EXCEPT httplib_transport.cpp INCLUDES httplib[.]h
  BECAUSE "httplib.h costs seconds to compile: one file includes it")
forbid(IN server/http/*.cpp server/http/*.h INCLUDES routes/ BECAUSE "routes stand on http, not the other way")
forbid(IN server/transport/*.cpp server/transport/*.h INCLUDES routes/ http/
  BECAUSE "the transport knows requests and responses only")

if(failures)
  message(FATAL_ERROR "wrong-way includes:${failures}")
endif()
