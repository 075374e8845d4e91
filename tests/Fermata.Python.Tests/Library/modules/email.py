import email, email.policy, email.utils, email.header, email.generator
from email.message import EmailMessage
m = EmailMessage(); m['Subject'] = 'Grüße'; m['From'] = 'A B <a@b.c>'; m['To'] = 'x@y.z, q@r.s'; m.set_content('text é\n'); m.add_alternative('<p>html</p>', subtype='html'); m.add_attachment(b'\0\1', maintype='application', subtype='octet-stream', filename='f ü.bin')
m.set_boundary('B1'); m.get_payload()[0].set_boundary('B2')
print(m.as_string())
m.get_body(['plain']).get_content(), [a.get_filename() for a in m.iter_attachments()], m['from'].addresses[0].domain, m.get_content_type(), m.is_multipart()
p = email.message_from_string('Subject: =?utf-8?q?=C3=A9?= x\nContent-Type: text/plain; charset="latin-1"\nContent-Transfer-Encoding: quoted-printable\nX: a\n b\n\nh=E9\n', policy=email.policy.default)
p['subject'], p.get_content(), p['x'], p.items()
email.message_from_bytes(b'bad header\n\nbody').defects, email.message_from_string('').keys()
email.utils.parseaddr('"A, B" <a@b>'), email.utils.formataddr(('é', 'a@b')), email.utils.parsedate_to_datetime('Mon, 01 Jan 2024 10:00:00 +0200'), email.utils.formatdate(0), email.utils.getaddresses(['a@b, C <c@d>']), email.utils.format_datetime(email.utils.parsedate_to_datetime('Mon, 1 Jan 2024 10:00:00 -0000')), email.header.decode_header('=?iso-8859-1?q?p=F6stal?='), email.header.Header('é', 'utf-8').encode(), email.utils.quote('a"b'), email.utils.unquote('"x"')
m['Subject'] = 'again'
email.utils.parsedate_to_datetime('nope')
