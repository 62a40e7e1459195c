"""PNG to JPEG without metadata: jpeg.py IN.png OUT.jpg [QUALITY]"""
import sys
from PIL import Image

source, target = sys.argv[1], sys.argv[2]
quality = int(sys.argv[3]) if len(sys.argv) > 3 else 86
pixels = Image.open(source).convert("RGB")
clean = Image.new("RGB", pixels.size)
clean.paste(pixels)
clean.save(target, "JPEG", quality=quality, subsampling="4:2:0", optimize=True, progressive=True)
