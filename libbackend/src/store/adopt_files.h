#pragma once
#include <backend/ports.h>

namespace backend::store {

/// Copies the files of adopted documents (those with a path of the FastAPI backend and no blob) into `blobs`; returns
/// how many. A path counts as it stands, relative to the folder that holds `upload_dir`, or by its last part in
/// `upload_dir`; nothing outside `upload_dir` is read. A file that is not there is skipped, and found another time.
/// May run again, and in several processes at once.
int adopt_files(Database& database, Blobs& blobs, const std::filesystem::path& upload_dir);

}  // namespace backend::store
