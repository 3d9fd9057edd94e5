// The bytes of assets.c for Swift, which does not import arrays of unknown size.
#pragma once

#include <stddef.h>

/// Bytes that are there as long as the program.
struct tare_asset {
    const unsigned char *_Nonnull bytes;
    size_t count;
};

struct tare_asset tare_asset_page_html(void);
struct tare_asset tare_asset_page_style(void);
struct tare_asset tare_asset_page_icon(void);
struct tare_asset tare_asset_page_script(void);
struct tare_asset tare_asset_page_api_script(void);
struct tare_asset tare_asset_page_events_script(void);
struct tare_asset tare_asset_page_points_script(void);
struct tare_asset tare_asset_page_charts_script(void);
struct tare_asset tare_asset_page_panels_script(void);
struct tare_asset tare_asset_page_form_script(void);
struct tare_asset tare_asset_page_text_script(void);
struct tare_asset tare_asset_contract_template(void);
struct tare_asset tare_asset_contract_script(void);
struct tare_asset tare_asset_first_model(void);
struct tare_asset tare_asset_chart_script(void);
struct tare_asset tare_asset_chart_style(void);
struct tare_asset tare_asset_swagger_script(void);
struct tare_asset tare_asset_swagger_style(void);
struct tare_asset tare_asset_swagger_icon(void);
