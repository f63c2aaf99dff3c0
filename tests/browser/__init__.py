"""Journeys of people through the site and the API's pages, in a real browser."""
