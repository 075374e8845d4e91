import html, html.parser, html.entities
html.escape('<a href="x">&\'</a>'), html.unescape('&lt;&eacute;&#x41;&#66;&notit;&amp &nope; &#0; &#x110000; &Aacute'), html.entities.name2codepoint['eacute'], len(html.entities.html5)
class P(html.parser.HTMLParser):
    def handle_starttag(self, t, a): log.append(('start', t, a, self.getpos()))
    def handle_endtag(self, t): log.append(('end', t))
    def handle_data(self, d): log.append(('data', d))
    def handle_comment(self, d): log.append(('comment', d))
    def handle_decl(self, d): log.append(('decl', d))
    def handle_startendtag(self, t, a): log.append(('startend', t))
    def handle_pi(self, d): log.append(('pi', d))
log = []; p = P(); p.feed('<!DOCTYPE html><p class=a id="b" x>t &amp; u<br/><!-- c --><script>if (a < b) "</p>"</script><?pi x><img src=\'q\'></P'); p.feed('>'); p.close()
log
