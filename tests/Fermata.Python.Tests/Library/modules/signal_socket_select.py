import signal, socket, select, selectors, subprocess, os
signal.SIGINT, signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.Signals(15).name, signal.strsignal(2), signal.SIG_DFL, signal.valid_signals() != set()
signal.signal(99, None)
caught = []; old = signal.signal(signal.SIGUSR1, lambda s, f: caught.append(s)); signal.raise_signal(signal.SIGUSR1); [None for _ in range(100000)]; caught
signal.alarm(0), signal.getitimer(signal.ITIMER_REAL) if hasattr(signal, 'getitimer') else None
socket.AF_INET, socket.SOCK_STREAM, socket.inet_aton('1.2.3.4'), socket.inet_ntoa(b'\x7f\0\0\1'), socket.inet_pton(socket.AF_INET6, '::1'), socket.htons(1), socket.ntohl(1), socket.has_ipv6, socket.getdefaulttimeout()
socket.inet_aton('x')
subprocess.run(['ls'])
subprocess.list2cmdline(['a b', 'c"d']), subprocess.CompletedProcess(['a'], 1).returncode
subprocess.CompletedProcess(['a'], 1).check_returncode()
