#!/usr/bin/env python3
"""Writes Tests/RegressionTests/Fixtures/distributions.json: tails of Student's t and of F.

They are worked out with mpmath (PyPI; 1.3 was used) to 400 digits and written with 20, so that a test may ask for
every digit of a double. usage: Scripts/make-distribution-fixtures.py [FILE]
"""
import sys

from mpmath import betainc, mp, mpf

mp.dps = 400
DEGREES = [1, 2, 3, 5, 10, 46, 47, 63, 64, 65, 97, 1000, 1000000]
T_VALUES = [1e-8, 0.3, 1.0, 1.5, 2.0, 3.3, 12.5, 36.0, 1e5, 1e15]
F_VALUES = [1e-6, 0.5, 1.0, 1.3, 5.0, 56.0, 2162.4, 1e10]
F_DEGREES = [(1, 1), (1, 10), (2, 46), (3, 1), (2, 5), (7, 3), (10, 71), (20, 20), (101, 57), (4, 1000), (5, 1000000)]
LEAST = mpf("1e-300")


def f_tail(value, above, below):
    """I_x(d2/2, d1/2) with x = d2 / (d2 + d1 f), by the sum that converges."""
    x = below / (below + above * value)
    if x <= mpf("0.5"):
        return betainc(mpf(below) / 2, mpf(above) / 2, 0, x, regularized=True)
    return 1 - betainc(mpf(above) / 2, mpf(below) / 2, 0, 1 - x, regularized=True)


def line(**members):
    texts = (mp.nstr(value, 20) if isinstance(value, mpf) else repr(value) for value in members.values())
    return "    {" + ", ".join(f'"{name}": {text}' for name, text in zip(members, texts)) + "}"


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "Tests/RegressionTests/Fixtures/distributions.json"
    tails = [(n, t, f_tail(mpf(t) ** 2, 1, n)) for n in DEGREES for t in T_VALUES]
    ratios = [(a, b, f, f_tail(mpf(f), a, b)) for a, b in F_DEGREES for f in F_VALUES]
    parts = {
        "t_tails": [line(df=n, t=t, both_tails=p) for n, t, p in tails if p > LEAST],
        "f_tails": [line(df1=a, df2=b, f=f, upper_tail=p) for a, b, f, p in ratios if p > LEAST],
    }
    with open(path, "w", encoding="ascii") as file:
        file.write('{\n  "source": "mpmath, 400 digits, by Scripts/make-distribution-fixtures.py",\n')
        file.write(",\n".join(f'  "{name}": [\n' + ",\n".join(lines) + "\n  ]" for name, lines in parts.items()))
        file.write("\n}\n")


main()
