// Files that are compiled in: those of the page, the contract and the first model, and those of others that Scripts/setup has
// fetched, which touches this file so that it is compiled anew. One of these that is not there is empty, and the program says
// so where it is asked for. As a list of bytes in Swift the same files took half a minute to compile.

#include "assets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

/// The zero at the end keeps a file that is empty or missing an array.
#define ASSET(name)                                                       \
    struct tare_asset tare_asset_##name(void) {                           \
        struct tare_asset asset = {name##_file, sizeof(name##_file) - 1}; \
        return asset;                                                     \
    }

// clang-format off

static const unsigned char page_html_file[] = {
#embed "../Tare/Resources/page/index.html" suffix(,)
0};
ASSET(page_html)

static const unsigned char page_style_file[] = {
#embed "../Tare/Resources/page/page.css" suffix(,)
0};
ASSET(page_style)

static const unsigned char page_icon_file[] = {
#embed "../Tare/Resources/page/icon.svg" suffix(,)
0};
ASSET(page_icon)

static const unsigned char page_script_file[] = {
#embed "../Tare/Resources/page/page.js" suffix(,)
0};
ASSET(page_script)

static const unsigned char page_api_script_file[] = {
#embed "../Tare/Resources/page/api.js" suffix(,)
0};
ASSET(page_api_script)

static const unsigned char page_events_script_file[] = {
#embed "../Tare/Resources/page/events.js" suffix(,)
0};
ASSET(page_events_script)

static const unsigned char page_points_script_file[] = {
#embed "../Tare/Resources/page/points.js" suffix(,)
0};
ASSET(page_points_script)

static const unsigned char page_charts_script_file[] = {
#embed "../Tare/Resources/page/charts.js" suffix(,)
0};
ASSET(page_charts_script)

static const unsigned char page_panels_script_file[] = {
#embed "../Tare/Resources/page/panels.js" suffix(,)
0};
ASSET(page_panels_script)

static const unsigned char page_form_script_file[] = {
#embed "../Tare/Resources/page/form.js" suffix(,)
0};
ASSET(page_form_script)

static const unsigned char page_text_script_file[] = {
#embed "../Tare/Resources/page/text.js" suffix(,)
0};
ASSET(page_text_script)

static const unsigned char contract_template_file[] = {
#embed "../Tare/Resources/contract.yaml" suffix(,)
0};
ASSET(contract_template)

static const unsigned char contract_script_file[] = {
#embed "../Tare/Resources/docs.js" suffix(,)
0};
ASSET(contract_script)

static const unsigned char first_model_file[] = {
#embed "../../Models/salmon.json" suffix(,)
0};
ASSET(first_model)

static const unsigned char chart_script_file[] = {
#if __has_embed("../../.tools/uplot/uPlot.iife.js")
#embed "../../.tools/uplot/uPlot.iife.js" suffix(,)
#endif
0};
ASSET(chart_script)

static const unsigned char chart_style_file[] = {
#if __has_embed("../../.tools/uplot/uPlot.min.css")
#embed "../../.tools/uplot/uPlot.min.css" suffix(,)
#endif
0};
ASSET(chart_style)

static const unsigned char swagger_script_file[] = {
#if __has_embed("../../.tools/swagger-ui/swagger-ui-bundle.js")
#embed "../../.tools/swagger-ui/swagger-ui-bundle.js" suffix(,)
#endif
0};
ASSET(swagger_script)

static const unsigned char swagger_style_file[] = {
#if __has_embed("../../.tools/swagger-ui/swagger-ui.css")
#embed "../../.tools/swagger-ui/swagger-ui.css" suffix(,)
#endif
0};
ASSET(swagger_style)

static const unsigned char swagger_icon_file[] = {
#if __has_embed("../../.tools/swagger-ui/favicon-32x32.png")
#embed "../../.tools/swagger-ui/favicon-32x32.png" suffix(,)
#endif
0};
ASSET(swagger_icon)
