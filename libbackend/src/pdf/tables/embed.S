/* Puts the packed tables into the object file: PACKED_TABLES is the path of what generate.py wrote. */
    .section .rodata
    .global backend_pdf_tables
    .global backend_pdf_tables_end
    .hidden backend_pdf_tables
    .hidden backend_pdf_tables_end
    .balign 16
backend_pdf_tables:
    .incbin PACKED_TABLES
backend_pdf_tables_end:
    .byte 0
#if defined(__linux__) && defined(__ELF__)
    .section .note.GNU-stack, "", %progbits
#endif
