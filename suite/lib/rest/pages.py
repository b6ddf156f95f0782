"""How lists of the REST API are paged."""

from __future__ import annotations

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """Lists come in pages, whose size the caller may choose."""

    page_size_query_param = "page_size"
    max_page_size = 100
