from urllib.parse import *
import urllib.request, urllib.error, urllib.robotparser
u = urlparse('http://user:pw@Host.com:8080/p/a;x=1?q=1&r=%20#frag')
u, u.hostname, u.port, u.username, u.geturl(), u._replace(path='/z').geturl(), urlsplit('//h/p'), urlunsplit(('s', 'h', 'p', 'q', 'f'))
urlparse('http://h:x/').port
urlparse('http://[::1/')
[urljoin('http://a/b/c/d;p?q', x) for x in ('g', './g', '/g', '//g', '?y', '#s', '../g', '../../../g', 'http:g', 'mailto:x', '', 'g;x=1/../y')]
quote('a b/é&?', safe=''), quote('/x y'), quote_plus('a b+'), unquote('%C3%A9%20%zz%ff'), unquote_plus('a+b%2B'), unquote_to_bytes('%ff'), urlencode({'a': [1, 'x y'], 'b': 'é'}, doseq=True), urlencode([('a', 1), ('a', 2)]), parse_qs('a=1&a=2&b=&c'), parse_qs('a=1;b', separator=';', keep_blank_values=True), parse_qsl('x=%C3%A9&y=+'), urldefrag('http://a#b'), quote_from_bytes(b'\xff')
parse_qs('a', strict_parsing=True)
quote(5)
urllib.request.Request('http://h/p', data=b'x', headers={'A-b': 'c'}).get_method(), urllib.request.url2pathname('/a%20b'), urllib.request.pathname2url('/a b'), urllib.error.HTTPError('u', 404, 'm', {}, None)
urllib.request.urlopen('nope://x')
urllib.request.urlopen('data:text/plain;base64,aGk=').read(), urllib.request.urlopen('file:///tmp/urlfile').read() if False else None
r = urllib.robotparser.RobotFileParser(); r.parse('User-agent: *\nDisallow: /x\nCrawl-delay: 3'.split('\n'))
r.can_fetch('a', '/x/y'), r.can_fetch('a', '/z'), r.crawl_delay('a')
import http, http.cookies, http.client, http.cookiejar
http.HTTPStatus(404), http.HTTPStatus.OK.phrase, http.HTTPMethod.GET, http.client.responses[500]
c = http.cookies.SimpleCookie('a=1; b="x y"'); c['z'] = 'é'; c['z']['path'] = '/'; c['z']['max-age'] = 5
c['a'].value, c.output(), http.cookies.SimpleCookie('a=b; =c').keys()
c['a b'] = 1
