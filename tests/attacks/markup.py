"""What an article, a file name, a question or a model may hold to make a page run, fetch or hide something.

The first twenty ran or fetched something, unasked, in a chat that shows messages as sanitised Markdown.
"""

from __future__ import annotations

ATTACKS = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "![](https://evil.example/a.png)",
    "[x](javascript:alert(1))",
    "<iframe src=https://evil.example></iframe>",
    "</p></div><form action=https://evil.example>",
    "<style>*{background:url(https://evil.example)}</style>",
    "<table background=https://evil.example><tr><td>x</table>",
    "<img srcset='https://evil.example/b.png 1x, https://evil.example/c.png 2x'>",
    "<video poster=https://evil.example/d.png><source src=https://evil.example/e.mp4></video>",
    '<div style="background:url(https://evil.example/f.png);position:fixed;inset:0">x</div>',
    "<svg><image href=https://evil.example/g.png /></svg>",
    "<object data=https://evil.example></object><embed src=https://evil.example>",
    "<link rel=stylesheet href=https://evil.example/h.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<audio src=https://evil.example/i.mp3 autoplay></audio>",
    "<input type=image src=https://evil.example/j.png autofocus onfocus=alert(1)>",
    "<a href=https://evil.example ping=https://evil.example>x</a>",
    "<details open ontoggle=alert(1)>x</details>",
    "<math><mtext></table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></mtext></math>",
    "$$\\href{javascript:alert(1)}{x}$$ ![y][z]",
    "```html <img src=https://evil.example/k.png> ```",
    "&lt;b&gt; &#60;i&#62; &amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "\u202egnp.exe \u2067x\u2069 \u200f",
    "line\n\n<b>new block</b>\n\n- item\n\n[z]: https://evil.example",
    "\x00\x07\x1b[31m",
)
DANGEROUS = (
    "img, script, iframe, form, style, table[background], video, audio, object, embed, link, meta, base, math, image"
)
"""Elements that none of them may become."""
