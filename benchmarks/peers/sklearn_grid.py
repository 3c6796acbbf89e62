"""A sweep as scikit-learn's grid search over its MLPClassifier, in two processes.

    python sklearn_grid.py DATA --rates 1e-3 1e-2 --seeds 8 --epochs 30

Val is evaluated once, at the end of each fit: MLPClassifier evaluates no split that it is given every epoch.
Prints the best run.
"""

# pyright: reportArgumentType=false
# scikit-learn's own defaults are taken for the types of its arguments.

import argparse
import warnings

import numpy as np
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from sklearn.neural_network import MLPClassifier


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--rates", type=float, nargs="+", required=True)
    parser.add_argument("--seeds", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")  # a fit that is given its epochs has not converged

    with np.load(options.data) as file:
        x, y, x_val, y_val = (file[name] for name in ("x", "y", "x_val", "y_val"))
    fold = np.concatenate([np.full(len(x), -1), np.zeros(len(x_val), int)])
    classifier = MLPClassifier(
        (128, 64), solver="adam", alpha=0.0, batch_size=64, max_iter=options.epochs, n_iter_no_change=10**6
    )
    grid = {"learning_rate_init": options.rates, "random_state": list(range(options.seeds))}
    search = GridSearchCV(classifier, grid, cv=PredefinedSplit(fold), refit=False, n_jobs=2)
    search.fit(np.concatenate([x, x_val]), np.concatenate([y, y_val]))
    print(f"best val accuracy {search.best_score_:.4f}: {search.best_params_}")


if __name__ == "__main__":
    main()
