# Values of R's pROC for AucDeLongTests and AucPairedTests: DeLong's variance and the paired test; its own example aSAH first.
# Run: Rscript proc.R > proc.csv
suppressMessages(library(pROC))
options(digits = 17)
data(aSAH)
show <- function(truth, a, b) {
  ra <- roc(truth, a, direction = "<", quiet = TRUE, levels = c(0, 1))
  rb <- roc(truth, b, direction = "<", quiet = TRUE, levels = c(0, 1))
  test <- roc.test(ra, rb, method = "delong", paired = TRUE)
  number <- function(x) paste(format(x, digits = 17, trim = TRUE), collapse = ";")
  cat(paste("proc", number(auc(ra)), number(auc(rb)), number(var(ra, method = "delong")), number(var(rb, method = "delong")), number(test$p.value),
    number(a[truth == 1]), number(a[truth == 0]), number(b[truth == 1]), number(b[truth == 0]), sep = ","), "\n", sep = "")
}
show(as.numeric(aSAH$outcome == "Poor"), aSAH$s100b, aSAH$ndka)
set.seed(5)
for (n in c(30, 120)) {
  truth <- rep(c(1, 0), c(n, 2 * n))
  a <- round(rnorm(3 * n) + truth, 1)
  show(truth, a, round(a + rnorm(3 * n) + 0.3 * truth, 1))
}
