// Files of others that the page and the documentation need, as they were fetched by Scripts/setup, which touches this file so
// that it is compiled anew. One that is not there is empty, and the program says so where it is asked for.

#define ASSET(name) .global tare_##name, tare_##name##_end; tare_##name:
#define END(name) tare_##name##_end: .byte 0

    .section .rodata
ASSET(uplot_script)
#if __has_include("uPlot.iife.js")
    .incbin "uPlot.iife.js"
#endif
END(uplot_script)
ASSET(uplot_style)
#if __has_include("uPlot.min.css")
    .incbin "uPlot.min.css"
#endif
END(uplot_style)
ASSET(swagger_script)
#if __has_include("swagger-ui-bundle.js")
    .incbin "swagger-ui-bundle.js"
#endif
END(swagger_script)
ASSET(swagger_style)
#if __has_include("swagger-ui.css")
    .incbin "swagger-ui.css"
#endif
END(swagger_style)
ASSET(swagger_icon)
#if __has_include("favicon-32x32.png")
    .incbin "favicon-32x32.png"
#endif
END(swagger_icon)
    .section .note.GNU-stack, "", %progbits
