#!/usr/bin/env Rscript
# Writes Tests/RegressionTests/Fixtures/*.json: what R's lm makes of data sets that come with R.
# usage: Scripts/make-regression-fixtures.R [FOLDER]      (R 4 with its own packages is all it needs)
#
# Levels are put in byte order, whatever the locale, because the first one is the reference.

folder <- commandArgs(trailingOnly = TRUE)
if (length(folder) == 0) folder <- "Tests/RegressionTests/Fixtures"

byteOrdered <- function(x) factor(as.character(x), levels = sort(unique(as.character(x)), method = "radix"))

# JSON, as far as it is needed: 17 digits for a number, null for NA, a text for what JSON cannot hold.
text <- function(x) paste0('"', x, '"')
number <- function(x) {
  ifelse(is.nan(x), '"NaN"', ifelse(is.na(x), "null", ifelse(is.infinite(x), text(ifelse(x > 0, "Infinity", "-Infinity")),
    sprintf("%.17g", x))))
}
value <- function(x) if (is.numeric(x)) number(x) else text(as.character(x))
object <- function(names, values) paste0("{", paste0(text(names), ": ", values, collapse = ", "), "}")
rows <- function(frame) {
  cells <- lapply(frame, value)
  lines <- sapply(seq_len(nrow(frame)), function(i) object(names(frame), sapply(cells, `[`, i)))
  paste0("[\n    ", paste(lines, collapse = ",\n    "), "]")
}
named <- function(x) object(names(x), number(x))

# Rows to predict: the first and the last of the data, and one with every number doubled that is not taken for a level.
probes <- function(model, frame) {
  at <- frame[c(1, nrow(frame), 1), , drop = FALSE]
  taken <- regmatches(deparse1(formula(model)), gregexpr("(?<=factor[(])[^)]*", deparse1(formula(model)), perl = TRUE))[[1]]
  numeric <- sapply(at, is.numeric) & !(names(at) %in% taken)
  at[3, numeric] <- at[3, numeric] * 2
  if (df.residual(model) > 0) {
    prediction <- suppressWarnings(predict(model, at, interval = "prediction", se.fit = TRUE))
    confidence <- suppressWarnings(predict(model, at, interval = "confidence"))
    at$fit <- prediction$fit[, "fit"]
    at$se_fit <- prediction$se.fit
    at$lwr <- prediction$fit[, "lwr"]
    at$upr <- prediction$fit[, "upr"]
    at$conf_lwr <- confidence[, "lwr"]
    at$conf_upr <- confidence[, "upr"]
  } else {
    at$fit <- suppressWarnings(predict(model, at))
  }
  rows(at)
}

fixture <- function(name, source, formula, data) {
  environment(formula) <- environment()
  used <- if ("." %in% all.vars(formula)) names(data) else all.vars(formula)
  data <- as.data.frame(data)[, used, drop = FALSE]
  rownames(data) <- NULL
  for (column in used) if (!is.numeric(data[[column]])) data[[column]] <- byteOrdered(data[[column]])
  model <- lm(formula, data)
  summary <- suppressWarnings(summary(model))
  # Aliased coefficients are missing from the summary's table.
  column <- function(place) {
    values <- coef(model) * NA_real_
    values[rownames(summary$coefficients)] <- summary$coefficients[, place]
    values
  }
  f <- summary$fstatistic
  fields <- list(
    name = text(name),
    source = text(source),
    oracle = text(paste("stats::lm of", R.version.string, "by Scripts/make-regression-fixtures.R")),
    rows = nrow(data),
    formula = text(paste(deparse(formula, width.cutoff = 500), collapse = "")),
    rank = model$rank,
    df_residual = df.residual(model),
    aliased = paste0("[", paste(text(names(coef(model))[is.na(coef(model))])[anyNA(coef(model))], collapse = ", "), "]"),
    coefficients = named(coef(model)),
    std_errors = named(column(2)),
    t_values = named(column(3)),
    p_values = named(column(4)),
    r_squared = number(summary$r.squared),
    adj_r_squared = number(summary$adj.r.squared),
    sigma = number(summary$sigma),
    f_statistic = if (is.null(f)) "null" else object(c("value", "df1", "df2"), number(unname(f))),
    f_p_value = if (is.null(f)) "null" else number(unname(pf(f[1], f[2], f[3], lower.tail = FALSE))),
    residual_quartiles = paste0("[", paste(number(unname(quantile(resid(model)))), collapse = ", "), "]"),
    rss = number(if (df.residual(model) > 0) deviance(model) else 0),
    interval_level = "0.95",
    probes = probes(model, data),
    data = rows(data))
  lines <- paste0("  ", text(names(fields)), ": ", unlist(fields), collapse = ",\n")
  writeLines(paste0("{\n", lines, "\n}"), file.path(folder, paste0(name, ".json")))
}

fixture("cars", "datasets::cars", dist ~ speed, cars)
fixture("cars_mean", "datasets::cars, the intercept alone", dist ~ 1, cars)
fixture("cars_origin", "datasets::cars, through the origin", dist ~ speed - 1, cars)
fixture("cars_quadratic", "datasets::cars", dist ~ speed + I(speed^2), cars)
fixture("women_cubic", "datasets::women", weight ~ height + I(height^2) + I(height^3), women)
fixture("mtcars", "datasets::mtcars", mpg ~ wt + hp + qsec, mtcars)
fixture("longley", "datasets::longley",
  Employed ~ GNP.deflator + GNP + Unemployed + Armed.Forces + Population + Year, longley)
fixture("trees", "datasets::trees", Volume ~ Girth + I(Girth^2) + Height, trees)
fixture("iris", "datasets::iris", Sepal.Length ~ Sepal.Width + Petal.Length + Species, iris)
fixture("iris_no_intercept", "datasets::iris, a column for every level",
  Sepal.Length ~ Petal.Length + Species - 1, iris)
fixture("warpbreaks", "datasets::warpbreaks, two factors", breaks ~ wool + tension, warpbreaks)
fixture("warpbreaks_no_intercept", "datasets::warpbreaks, a column for every level of the first factor",
  breaks ~ wool + tension - 1, warpbreaks)
fixture("plant_growth", "datasets::PlantGrowth, a factor alone", weight ~ group, PlantGrowth)

cylinders <- c("4" = "four", "6" = "six", "8" = "eight")[as.character(mtcars$cyl)]
shape <- ifelse(mtcars$vs == 1, "straight", "V")
fixture("mtcars_capitals", "datasets::mtcars, levels whose byte order is not the alphabet's",
  mpg ~ wt + cylinders + shape, cbind(mtcars, cylinders, shape))
fixture("mtcars_aliased", "datasets::mtcars with a column that is a combination of two others",
  mpg ~ wt + disp + both + hp, cbind(mtcars, both = 2 * mtcars$disp - mtcars$wt))
fixture("mtcars_confounded", "datasets::mtcars with a factor that says the same as another",
  mpg ~ wt + cylinders + label, cbind(mtcars, cylinders, label = toupper(cylinders)))
fixture("mtcars_saturated", "datasets::mtcars, the first four rows: no degrees of freedom",
  mpg ~ wt + hp + qsec, mtcars[1:4, ])

# Formulas: each rule of R's grammar and of its columns, on data that a fit determines.
cylinders <- cbind(mtcars[, c("mpg", "wt", "hp", "am", "cyl", "qsec")], shape)
breaks <- cbind(warpbreaks, run = rep(c(1.5, 2.5, 4, 7, 8, 11, 12, 15, 19), 6))
colnames(breaks)[4] <- "run no."
formulas <- list(
  list("star", Sepal.Length ~ Petal.Length * Species, iris),
  list("nested", Sepal.Length ~ Species / Petal.Width, iris),
  list("nested_sum", Sepal.Length ~ (Petal.Length + Species) / Petal.Width, iris),
  list("in", Sepal.Length ~ Petal.Width %in% Species, iris),
  list("margin_missing", Sepal.Length ~ Petal.Width + Species:Petal.Width, iris),
  list("product_first", Sepal.Length ~ Petal.Width:Species + Species, iris),
  list("power_removed", mpg ~ (wt + hp + am)^3 - wt:hp - hp:am, cylinders),
  list("point", mpg ~ . - qsec, cylinders),
  list("point_squared", mpg ~ .^2 - hp:. - cyl:. - qsec:., cylinders),
  list("point_log", log(mpg) ~ ., cylinders),
  list("no_intercept_star", mpg ~ 0 + wt * shape, cylinders),
  list("no_intercept_product", breaks ~ wool:tension - 1, warpbreaks),
  list("no_intercept_second", breaks ~ 0 + `run no.` + tension:wool, breaks),
  list("factors_product", breaks ~ wool:tension, warpbreaks),
  list("factors_nested", breaks ~ tension + tension:wool, warpbreaks),
  list("three", log(breaks) ~ wool * tension * `run no.`, breaks),
  list("factor_of_number", mpg ~ factor(cyl) * wt, cylinders),
  list("factor_of_both", mpg ~ cyl + wt:factor(cyl), cylinders),
  list("poly", dist ~ poly(speed, 3), cars),
  list("poly_one", dist ~ poly(speed, 1) - 1, cars),
  list("poly_raw", dist ~ poly(speed, degree = 2, raw = TRUE), cars),
  list("poly_of_log", mpg ~ poly(log(hp), 2):shape + poly(wt, 2, raw = TRUE), cylinders),
  list("poly_product", mpg ~ poly(wt, 2):poly(hp, 2), cylinders),
  list("functions", mpg ~ log(wt) + log2(hp) + log10(qsec) + log1p(am) + sqrt(hp) + abs(cyl - 6), cylinders),
  list("exponential", Fertility ~ exp(-Education / 50) + exp(Agriculture / 100), swiss),
  list("arithmetic", Volume ~ I(Girth^2 * Height / 100) + I((Girth - 10)^2 + 1e5) + I(-Height + 2^3 / 4), trees),
  list("arithmetic_power", Volume ~ I(Girth^1.5) + I(Height^-1) + I(2^(Girth / 10)), trees),
  list("logarithm_base", Volume ~ log(Girth, 3) + log(Height, base = 10), trees),
  list("response_root", sqrt(dist) ~ I(speed / 10), cars),
  list("response_inverse", 1 / mpg ~ wt + wt:hp, cylinders))
for (each in formulas) fixture(paste0("formula_", each[[1]]), "a data set of R", each[[2]], each[[3]])
