#!/bin/sh
echo "never run this with: uvicorn web:app --workers 4"
