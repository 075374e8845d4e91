import xml.etree.ElementTree as ET, io
r = ET.fromstring('<a x="1">text<b>in</b>tail<c/><n:d xmlns:n="urn:n" n:k="v">é &amp; &#65;</n:d><!-- c --></a>')
r.tag, r.attrib, r.text, r[0].tail, [e.tag for e in r.iter()], r.find('b').text, r.findtext('nope', 'd'), r.find('{urn:n}d').attrib, r.findall('./*[2]')[0].tag, list(r.itertext()), r.get('x'), len(r), r.find("b[.='in']") is not None
ET.tostring(r), ET.tostring(r, encoding='unicode', short_empty_elements=False), ET.tostring(r, encoding='utf-8', xml_declaration=True)[:40], ET.canonicalize(ET.tostring(r))
ET.fromstring('<a><b></a>')
ET.fromstring('')
ET.fromstring('<a>&nope;</a>')
ET.fromstring('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>').text, ET.fromstring(b'<?xml version="1.0" encoding="latin-1"?><a>\xe9</a>').text
e = ET.Element('root', a='1'); s = ET.SubElement(e, 's'); s.text = '<&>'; s.set('q', '"\n'); ET.indent(e); e.append(ET.Comment('c')); e.insert(0, ET.ProcessingInstruction('p', 't'))
ET.tostring(e), ET.iselement(e), s in e, e.remove(s), len(e), ET.QName('u', 'l').text
[(ev, el.tag) for ev, el in ET.iterparse(io.BytesIO(b'<a><b/></a>'), ['start', 'end'])]
p = ET.XMLPullParser(['end']); p.feed('<a><b/>'); x = [e.tag for _, e in p.read_events()]; p.feed('</a>'); p.close()
x
import xml.dom.minidom, xml.sax, xml.sax.saxutils
d = xml.dom.minidom.parseString('<a><b c="d">t</b></a>')
d.toprettyxml(indent=' '), d.getElementsByTagName('b')[0].getAttribute('c'), d.documentElement.firstChild.nodeName, xml.sax.saxutils.escape('<&>"', {'"': '&quot;'}), xml.sax.saxutils.quoteattr('a"b')
class H(xml.sax.ContentHandler):
    def startElement(self, n, a): log.append((n, dict(a)))
    def characters(self, c): log.append(c)
log = []; xml.sax.parseString('<a k="v">x</a>', H())
log
xml.sax.parseString('<a', H())
import pyexpat
pyexpat.version_info > (2, 4), pyexpat.ErrorString(3)
