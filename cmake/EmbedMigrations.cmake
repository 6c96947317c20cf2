# embed_migrations(target name...): puts migrations/<name>.{up,down}.sql of the calling folder into `target` as the
# table behind store/migration_scripts.h. Run with `cmake -P`, this file writes that table.
if(CMAKE_SCRIPT_MODE_FILE)
  set(rows "")
  foreach(name IN LISTS NAMES)
    string(REGEX MATCH "^[0-9]+" version "${name}")
    string(REGEX REPLACE "^[0-9]+_" "" title "${name}")
    string(REGEX REPLACE "^0+" "" version "${version}")
    file(READ "${FOLDER}/${name}.up.sql" up)
    file(READ "${FOLDER}/${name}.down.sql" down)
    string(APPEND rows "    {${version}, \"${title}\", R\"sql(${up})sql\", R\"sql(${down})sql\"},\n")
  endforeach()
  file(WRITE "${OUTPUT}" "// Generated from migrations/*.sql.
#include \"store/migration_scripts.h\"

namespace backend::store {

std::span<const MigrationScript> migration_scripts() {
  static constexpr MigrationScript scripts[] = {
${rows}  };
  return scripts;
}

}  // namespace backend::store
")
  return()
endif()

set(EMBED_MIGRATIONS_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(embed_migrations target)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/migrations)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/migration_scripts.cpp)
  list(TRANSFORM ARGN REPLACE "(.+)" "${folder}/\\1.up.sql" OUTPUT_VARIABLE ups)
  list(TRANSFORM ARGN REPLACE "(.+)" "${folder}/\\1.down.sql" OUTPUT_VARIABLE downs)
  string(REPLACE ";" "\\;" names "${ARGN}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} "-DNAMES=${names}" -DFOLDER=${folder} -DOUTPUT=${output} -P ${EMBED_MIGRATIONS_SCRIPT}
    DEPENDS ${ups} ${downs} ${EMBED_MIGRATIONS_SCRIPT}
    COMMENT "Embedding the migrations" VERBATIM)
  # The target lives in another folder: it needs the rule by name, not by file.
  add_custom_target(${target}_migrations DEPENDS ${output})
  add_dependencies(${target} ${target}_migrations)
  target_sources(${target} PRIVATE ${output})
endfunction()
