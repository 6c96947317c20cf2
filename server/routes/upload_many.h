#pragma once
#include "http/context.h"

namespace backend::server {

/// POST /documents: stores each file of a form. One bad file among good ones is an entry with status "failed"; when
/// all are bad: 422, one fault a file.
HttpResponse upload_documents(Context& c);

}  // namespace backend::server
