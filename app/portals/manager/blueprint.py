"""The portal's blueprint, in a module of its own so that every room can register its views on it."""

from flask import Blueprint

blueprint = Blueprint("manager", __name__, url_prefix="/manager")
