#pragma once
#include <string>

#include <qpdf/QPDF.hh>

#include "objects.h"

namespace backend::pdf {

/// The decoded bytes of a stream; empty if it cannot be decoded or is no stream.
/// Throws Error: limit (max_stream_bytes), counted while decoding.
std::string decoded_stream(Object stream, std::size_t max_stream_bytes);

/// QPDF inflates object streams without a limit: looks at those that could be bombs before it does.
/// Throws Error: limit (max_stream_bytes).
void check_object_streams(QPDF& document, std::size_t max_stream_bytes);

}  // namespace backend::pdf
