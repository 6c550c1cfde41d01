"""A picture is painted anew, dot by dot: what is not a dot does not come along.

So nothing is left of place, time, camera, owner, thumbnail, comment, colour profile, or of bytes behind its
end.
"""

from __future__ import annotations

import io

from PIL import Image, ImageCms, ImageOps

from engage.files.kinds import LONGEST_EDGE, MOST_PIXELS, CannotClean, Refusal

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_QUALITY = 88


def clean_jpeg(content: bytes) -> bytes:
    """The picture as a JPEG file, upright and in the colours of the web. Raises CannotClean."""
    picture = _opened(content, "JPEG")
    # The decoder itself then makes a large picture smaller, which takes a fraction of the memory.
    picture.draft(picture.mode, (LONGEST_EDGE, LONGEST_EDGE))
    picture = _upright(picture)
    picture = _in_colours_of_the_web(picture)
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    return _written(picture, "JPEG", quality=_QUALITY, optimize=True)


def clean_png(content: bytes) -> bytes:
    """The picture as a PNG file; of a moving one the first frame. Raises CannotClean."""
    picture = _opened(content, "PNG")
    picture = _upright(picture)
    if picture.mode in ("P", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    picture = _in_colours_of_the_web(picture)
    if picture.mode not in ("1", "L", "LA", "RGB", "RGBA"):
        picture = picture.convert("L" if picture.mode.startswith("I") else "RGB")
    return _written(picture, "PNG", optimize=False)


def _opened(content: bytes, kind: str) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content), formats=[kind])
    except Image.DecompressionBombError:
        raise CannotClean(Refusal.TOO_MANY_PIXELS) from None
    if picture.width * picture.height > MOST_PIXELS:
        raise CannotClean(Refusal.TOO_MANY_PIXELS)
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as the camera says that it is to be shown, because that note goes."""
    picture.load()
    if max(picture.size) > LONGEST_EDGE:
        picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.BICUBIC)
    return ImageOps.exif_transpose(picture)


def _in_colours_of_the_web(picture: Image.Image) -> Image.Image:
    """In sRGB, because the profile goes; as it is where the profile cannot be read."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    try:
        converted = ImageCms.profileToProfile(
            picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def _written(picture: Image.Image, kind: str, **options: int) -> bytes:
    dots = picture.copy()
    # Both writers would take notes over from here, such as a comment or a profile.
    dots.info = {}
    buffer = io.BytesIO()
    dots.save(buffer, kind, **options)
    return buffer.getvalue()
