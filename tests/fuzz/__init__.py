"""Fuzz targets, what they begin with, and how they are run."""

from __future__ import annotations

from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"
