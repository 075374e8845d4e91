import locale
locale.setlocale(locale.LC_ALL), locale.getlocale(), locale.localeconv()['decimal_point'], locale.str(1.5), locale.format_string('%d', 1234567, grouping=True), locale.atof('1.5'), locale.strcoll('a', 'b'), locale.getpreferredencoding(), locale.normalize('en_us'), locale.getencoding()
locale.setlocale(locale.LC_ALL, 'xx_YY')
locale.setlocale(locale.LC_NUMERIC, 'C'), locale.currency(1) if False else None, locale.nl_langinfo(locale.CODESET), locale.strxfrm('a'), locale.delocalize('1,5')
sorted(['b', 'A', 'ä', 'a'], key=locale.strxfrm)
