import time
time.gmtime(0), time.gmtime(1e9), time.strftime('%Y-%m-%d %H:%M:%S %j %U %W %a %b %p %Z %%', time.gmtime(86400 * 365.5)), time.strptime('2024-02-29', '%Y-%m-%d'), time.mktime((2024, 1, 1, 0, 0, 0, 0, 0, 0)), time.asctime((2024, 1, 1, 0, 0, 0, 0, 1, 0)), time.ctime(0), time.localtime(0), time.timezone, time.altzone, time.daylight, time.tzname
time.gmtime(1e30)
time.mktime((1, 2))
time.strptime('x', '%d')
time.strftime('%', time.gmtime(0)), time.strftime('é %Y', time.gmtime(0)), time.strftime('%s', time.gmtime(5)), time.strftime('%G-%V %g %u %e %k|%l %D %F %R %T %C %h %n%t', time.gmtime(0))
a = time.monotonic(); b = time.perf_counter(); time.sleep(0.001)
time.monotonic() > a, time.perf_counter() > b, time.process_time() >= 0, time.time() > 1.7e9, time.time_ns() > 1.7e18, time.monotonic_ns() > 0, time.get_clock_info('monotonic').monotonic, time.get_clock_info('time').adjustable
time.get_clock_info('x')
time.struct_time(range(9)), time.struct_time(range(9)).tm_yday, time.struct_time((2024, 1, 1, 0, 0, 0, 0, 1, 0)) < time.gmtime()
time.struct_time([1])
time.clock_gettime(time.CLOCK_REALTIME) > 1.7e9, time.clock_gettime(time.CLOCK_MONOTONIC) > 0
