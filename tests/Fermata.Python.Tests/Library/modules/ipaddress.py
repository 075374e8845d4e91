from ipaddress import *
ip_address('192.168.0.1'), ip_address('::1').is_loopback, ip_network('10.0.0.0/29').num_addresses, list(ip_network('10.0.0.0/30').hosts()), ip_address('::ffff:1.2.3.4').ipv4_mapped, ip_network('10.0.0.0/8').supernet_of(ip_network('10.1.0.0/16')), list(ip_network('10.0.0.0/30').subnets(1)), ip_interface('1.2.3.4/24').network, ip_address('2001:db8::1').exploded, IPv4Address(1) + 5, ip_address('10.0.0.1').is_private, ip_address('1.2.3.4').reverse_pointer, list(collapse_addresses([ip_network('10.0.0.0/25'), ip_network('10.0.0.128/25')])), list(summarize_address_range(IPv4Address(0), IPv4Address(4))), sorted([ip_address('2.0.0.0'), ip_address('1.0.0.0')]), f'{ip_address("1.2.3.4"):#b}', ip_address('fe80::1%eth0').scope_id
ip_address('256.1.1.1')
ip_network('10.0.0.1/8')
ip_address('01.2.3.4')
ip_address('1.1.1.1') < ip_address('::')
