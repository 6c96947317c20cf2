"""Packs the documentation pages' scripts and styles for embedding: gzip files, an assembler source that includes them, and
a table of what they are. Usage: pack_assets.py OUTPUT_FOLDER. Needs drf-spectacular-sidecar (requirements/build.txt)."""
from __future__ import annotations

import gzip
import hashlib
import importlib.util
import sys
from pathlib import Path

PACKAGE = "drf_spectacular_sidecar"
JAVASCRIPT, STYLE, TEXT, PNG = "text/javascript; charset=utf-8", "text/css; charset=utf-8", "text/plain; charset=utf-8", "image/png"
#: path in the package, name in the URL, media type
ASSETS = [
    ("swagger-ui-dist/swagger-ui-bundle.js", "swagger-ui-bundle.js", JAVASCRIPT),
    ("swagger-ui-dist/swagger-ui.css", "swagger-ui.css", STYLE),
    ("swagger-ui-dist/favicon-32x32.png", "favicon-32x32.png", PNG),
    ("swagger-ui-dist/LICENSE", "swagger-ui.LICENSE.txt", TEXT),
    ("redoc/bundles/redoc.standalone.js", "redoc.standalone.js", JAVASCRIPT),
    ("redoc/LICENSE", "redoc.LICENSE.txt", TEXT),
    ("redoc/bundles/redoc.standalone.js.LICENSE.txt", "redoc.standalone.js.LICENSE.txt", TEXT),
]


def package_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"{sys.executable} has no package {PACKAGE}: pip install -r requirements/build.txt, "
                 "and name that Python with -DBACKEND_PYTHON=...")
    return Path(spec.submodule_search_locations[0]) / "static" / PACKAGE


def main(output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    source = package_folder()
    assembler, table = ['.section .rodata\n'], []
    for index, (path, name, media_type) in enumerate(ASSETS):
        content = (source / path).read_bytes()
        packed = output / f"{name}.gz"
        packed.write_bytes(gzip.compress(content, 9, mtime=0))
        assembler.append(f".global backend_asset_{index}\n.global backend_asset_{index}_end\n"
                         f"backend_asset_{index}:\n.incbin \"{packed}\"\nbackend_asset_{index}_end:\n.byte 0\n")
        digest = hashlib.sha256(content).hexdigest()[:32]
        table.append(f'BACKEND_ASSET({index}, "{name}", "{media_type}", "\\"{digest}\\"", {len(content)})\n')
    # Without this note the linker would make the stack executable.
    assembler.append('.section .note.GNU-stack,"",@progbits\n')
    (output / "assets.S").write_text("".join(assembler))
    (output / "assets.inc").write_text("".join(table))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
