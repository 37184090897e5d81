"""The XMP packet of an unsigned instrument (ISO 16684-1; ISO 19005-3, 6.6), written whole.

LibreOffice's packet holds the time of conversion and forgets title and language; one written from the request is the
same every time and agrees with the Info dictionary, as PDF/A-3 6.6.3 asks.
"""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

_PADDING = (" " * 99 + "\n") * 20


def xmp_packet(*, title: str, language: str, at: datetime, producer: str, creator_tool: str) -> bytes:
    """UTF-8 packet that claims PDF/A-3b; ``at`` stands for creation, change and metadata date (whole seconds)."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:format>application/pdf</dc:format>
   <dc:title>
    <rdf:Alt>
     <rdf:li xml:lang="x-default">{escape(title)}</rdf:li>
     <rdf:li xml:lang={quoteattr(language)}>{escape(title)}</rdf:li>
    </rdf:Alt>
   </dc:title>
   <dc:language>
    <rdf:Bag>
     <rdf:li>{escape(language)}</rdf:li>
    </rdf:Bag>
   </dc:language>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <pdf:Producer>{escape(producer)}</pdf:Producer>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <xmp:CreatorTool>{escape(creator_tool)}</xmp:CreatorTool>
   <xmp:CreateDate>{stamp}</xmp:CreateDate>
   <xmp:ModifyDate>{stamp}</xmp:ModifyDate>
   <xmp:MetadataDate>{stamp}</xmp:MetadataDate>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
{_PADDING}<?xpacket end="w"?>""".encode()
