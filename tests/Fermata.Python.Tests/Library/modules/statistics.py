import statistics, random
from fractions import Fraction
from decimal import Decimal
from statistics import *
mean([1, 2, 3, 4, 4]), mean([Fraction(1, 3), 1]), mean([Decimal('0.5'), 1]), fmean([3.5, 4.0, 5.25]), fmean([1, 2], weights=[1, 3]), geometric_mean([54, 24, 36]), harmonic_mean([40, 60], weights=[5, 30])
mean([])
harmonic_mean([-1])
median([1, 3, 5, 7]), median_low([1, 3, 5, 7]), median_high([1, 3]), median_grouped([1, 2, 2, 3, 4, 4, 4, 4, 4, 5]), mode('aabbc'), multimode('aabbc'), multimode([])
mode([])
pstdev([1.5, 2.5, 2.5, 2.75, 3.25, 4.75]), stdev([1, 2]), variance([2.75, 1.75, 1.25, 0.25]), pvariance([0.0, 0.25, 0.25, 1.25])
stdev([1])
quantiles(range(1, 101), n=4), quantiles([1, 2, 3], n=10, method='inclusive'), covariance([1, 2, 3], [1, 5, 9]), correlation([1, 2, 3], [9, 5, 0]), correlation([1, 2, 3], [1, 4, 9], method='ranked'), linear_regression([1, 2, 3], [2, 4, 7]), linear_regression([1, 2], [2, 4], proportional=True)
correlation([1, 1], [1, 2])
n = NormalDist(100, 15)
n, n.cdf(120), n.inv_cdf(0.95), n.pdf(100), n + 5, n * 2, n.overlap(NormalDist(110, 15)), n.quantiles(4), n.zscore(130), NormalDist.from_samples([1, 2, 4]), NormalDist(1, 2) + NormalDist(2, 1)
NormalDist(0, -1)
NormalDist(0, 1).samples(3, seed=5)
kde([1, 2, 5], 0.5)(2.0), kde_random([1, 2, 5], 0.5, seed=1)()
